"""The tool that runs the manual's examples notices what is wrong in a page."""

from pathlib import Path

import pytest

from tools.examples import renewed


def test_output_that_is_not_what_is_printed_is_replaced(tmp_path: Path) -> None:
    page = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    assert renewed(page, tmp_path) == page.replace("3\n", "2\n")


def test_three_dots_stand_for_any_lines_but_not_for_others(tmp_path: Path) -> None:
    code = "```python\nfor n in range(4):\n    print(n)\n```\n\n"
    kept = code + "```text\n0\n...\n3\n```\n"
    assert renewed(kept, tmp_path) == kept
    wrong = code + "```text\n0\n...\n4\n```\n"
    assert renewed(wrong, tmp_path) == code + "```text\n0\n1\n2\n3\n```\n"


def test_files_of_a_page_are_there_for_what_follows(tmp_path: Path) -> None:
    first, second = '```csv title="a/b.csv"\nx\n```\n', '```csv title="a/b.csv (at the end)"\ny\n```\n'
    page = f"{first}\n{second}\n```console\n$ cat a/b.csv\n```\n"
    assert renewed(page, tmp_path).endswith("$ cat a/b.csv\nx\n\ny\n```\n")


@pytest.mark.parametrize("title", ["../out.csv", "/etc/out.csv"])
def test_a_page_writes_only_in_its_folder(tmp_path: Path, title: str) -> None:
    with pytest.raises(ValueError, match="leaves the folder"):
        renewed(f'```csv title="{title}"\nx\n```\n', tmp_path)


def test_a_command_that_is_not_landbridge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not run in examples"):
        renewed("```console\n$ rm -rf .\n```\n", tmp_path)


def test_an_example_that_fails_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        renewed("```python\n1 / 0\n```\n", tmp_path)


def test_slow_blocks_run_only_when_asked(tmp_path: Path) -> None:
    page = "<!-- slow -->\n```python\n1 / 0\n```\n"
    assert renewed(page, tmp_path) == page
    with pytest.raises(ZeroDivisionError):
        renewed(page, tmp_path, slow=True)
