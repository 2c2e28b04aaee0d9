"""The whole chain from study to result."""
