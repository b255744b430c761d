"""The serving process by itself: answers requests, then says how large it has become."""

from __future__ import annotations

import sys
from pathlib import Path

from compliance.app import assemble, create_app
from compliance.config import Settings
from compliance.web.signin import COOKIE
from registers.processing import ProcessingActivity

SLUG = ProcessingActivity.slug
ADDRESSES = [
    *(f"/registers/{SLUG}/?page={page}" for page in range(1, 60)),
    *(f"/registers/{SLUG}/{number}" for number in range(1, 60)),
    f"/registers/{SLUG}/export.xlsx",
    f"/registers/{SLUG}/export.pdf?unit=none",
    f"/registers/{SLUG}/export.csv",
    f"/registers/{SLUG}/1/export.pdf",
]


def megabytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def main(database: str, token: str) -> None:
    app = create_app(assemble(Settings(database=database, data=Path(), secret_key="b" * 40)))
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    for address in ADDRESSES:
        response = client.get(address)
        assert response.status_code == 200, address
        response.close()
    print(f"{megabytes():.0f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
