"""How much a submitted file may ask for; every bound is checked before anything is decoded or allocated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Largest file, page count, decoded page, and ZIP (members, unpacked bytes, ZIPs within ZIPs).

    ``max_page_pixels`` counts pixels of up to 24 bits; deeper ones count for more.
    """

    max_file_bytes: int = 500_000_000
    max_pages: int = 2_000
    max_page_pixels: int = 250_000_000
    max_zip_members: int = 1_000
    max_unpacked_bytes: int = 2_000_000_000
    max_nesting: int = 2

    def hold_pixels(self, width: int, height: int, bits: int = 24) -> bool:
        """Whether a picture of this size and depth (bits a pixel, all channels) may be decoded."""
        return width > 0 and height > 0 and width * height * max(1.0, bits / 24) <= self.max_page_pixels
