"""Pictures as plain Plotly dictionaries, one code for the report and the app."""
