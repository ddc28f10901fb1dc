"""The colour space all pictures are meant in: sRGB."""

from __future__ import annotations

from functools import lru_cache

from PIL import ImageCms

#: 2000-01-01 00:00:00 as an ICC dateTimeNumber; the profile's real time of making would change every file.
_DATE = bytes.fromhex("07d0 0001 0001 0000 0000 0000")


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """The sRGB profile that Little CMS builds (free of copyright), the same bytes every time.

    The date (bytes 24..35) is set, the checksum over it (bytes 84..99) left out, as ICC.1:2010, 7.2.18 allows.
    """
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = _DATE
    profile[84:100] = bytes(16)
    return bytes(profile)
