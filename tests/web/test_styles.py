"""The style sheet: a block that is left open would swallow, without a word, all that follows it."""

from __future__ import annotations

import re
from pathlib import Path

import compliance

_STYLES = Path(compliance.__file__).with_name("static") / "app.css"


def test_every_block_of_the_style_sheet_is_closed_where_it_belongs() -> None:
    rules = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", _STYLES.read_text(encoding="utf-8"), flags=re.DOTALL)
    open_blocks: list[str] = []
    for before, brace in re.findall(r"([^{}]*)([{}])", rules):
        if brace == "}":
            assert open_blocks, before
            open_blocks.pop()
        else:
            inside = [block for block in open_blocks if not block.startswith("@")]
            nested = before.strip().startswith("@") and open_blocks
            assert not inside, f"{before.strip()} lies within {inside}"
            assert not nested, f"{before.strip()} lies within {open_blocks}"
            open_blocks.append(before.strip())
    assert open_blocks == []
