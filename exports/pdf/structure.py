"""The logical structure of a tagged PDF: what is a heading, a list, a cell (ISO 32000-1, 14.7 and 14.8)."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

from exports.text import clean


@dataclass(slots=True)
class Element:
    """A structure element that may still take children; :meth:`Structure.close` writes it down."""

    role: str
    number: int
    parent: int
    attributes: str
    page: int = 0
    kids: list[str] = field(default_factory=list)


class Packed:
    """Objects compressed many at a time (ISO 32000-1, 7.5.7), since a table has one for each cell."""

    _SIZE = 2000

    def __init__(self) -> None:
        self.full: list[tuple[array[int], bytes, int]] = []
        """Finished streams: the numbers of their objects, their data and where the first object starts."""
        self._numbers = array("L")
        self._objects: list[str] = []

    def add(self, number: int, text: str) -> None:
        """Take in an object, written in ASCII."""
        self._numbers.append(number)
        self._objects.append(text)
        if len(self._objects) >= self._SIZE:
            self.flush()

    def flush(self) -> None:
        """Finish the stream begun, if there is one."""
        if not self._objects:
            return
        index = []
        offset = 0
        for number, text in zip(self._numbers, self._objects, strict=True):
            index.append(f"{number} {offset}")
            offset += len(text) + 1
        first = " ".join(index) + "\n"
        data = zlib.compress((first + "\n".join(self._objects) + "\n").encode("ascii"))
        self.full.append((self._numbers, data, len(first)))
        self._numbers = array("L")
        self._objects = []


class Structure:
    """The tree of structure elements and the way back from the marks on each page."""

    def __init__(self, new_number: Callable[[], int]) -> None:
        self._new_number = new_number
        self.packed = Packed()
        self._root = new_number()
        self.document = Element("Document", new_number(), self._root, "")
        self._page = 0
        self._owners: list[str] = []
        self._pages: list[int] = []

    def start_page(self, page: int) -> None:
        """Begin the page with this object number."""
        self._page = page
        self._owners = []

    def end_page(self) -> int:
        """Finish the page and say its key among the parents (``StructParents``)."""
        number = self._new_number()
        self.packed.add(number, "[" + " ".join(self._owners) + "]")
        self._pages.append(number)
        return len(self._pages) - 1

    def element(self, role: str, parent: Element | None = None, attributes: str = "") -> Element:
        """Begin an element as the last child of its parent, by default the whole document."""
        parent = parent or self.document
        number = self._new_number()
        parent.kids.append(f"{number} 0 R")
        return Element(role, number, parent.number, attributes)

    def mark(self, element: Element) -> int:
        """The number by which the content that follows on this page belongs to the element."""
        mark = len(self._owners)
        self._owners.append(f"{element.number} 0 R")
        if not element.page:
            element.page = self._page
        same = element.page == self._page
        element.kids.append(str(mark) if same else f"<</Type/MCR/Pg {self._page} 0 R/MCID {mark}>>")
        return mark

    def close(self, element: Element) -> None:
        """Write the element down; it takes no more children."""
        page = f"/Pg {element.page} 0 R" if element.page else ""
        kids = f"/K[{' '.join(element.kids)}]" if element.kids else ""
        self.packed.add(
            element.number,
            f"<</Type/StructElem/S/{element.role}/P {element.parent} 0 R{page}{element.attributes}{kids}>>",
        )

    def leaf(self, role: str, parent: Element, attributes: str = "") -> int:
        """Add an element whose only content is what follows on this page, and say its mark."""
        number = self._new_number()
        mark = len(self._owners)
        self._owners.append(f"{number} 0 R")
        parent.kids.append(f"{number} 0 R")
        self.packed.add(
            number,
            f"<</Type/StructElem/S/{role}/P {parent.number} 0 R/Pg {self._page} 0 R{attributes}/K {mark}>>",
        )
        return mark

    def finish(self) -> int:
        """Close the document and say the object number of the root of the tree."""
        self.close(self.document)
        parents = self._new_number()
        pairs = " ".join(f"{key} {number} 0 R" for key, number in enumerate(self._pages))
        self.packed.add(parents, f"<</Nums[{pairs}]>>")
        self.packed.add(
            self._root,
            f"<</Type/StructTreeRoot/K {self.document.number} 0 R/ParentTree {parents} 0 R"
            f"/ParentTreeNextKey {len(self._pages)}>>",
        )
        self.packed.flush()
        return self._root


def text_string(text: str) -> str:
    """A text as PDF writes it in dictionaries, in ASCII (ISO 32000-1, 7.9.2.2)."""
    return "<FEFF" + clean(text).encode("utf-16-be").hex().upper() + ">"
