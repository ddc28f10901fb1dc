"""Administrative units: an address taken apart, in the division of before July 2025 and in the one since."""

from pipeline.understanding.units.parsing import REFORM, Parse, parse_address
from pipeline.understanding.units.settlement import settle_units
from pipeline.understanding.units.succession import address_units

__all__ = ["REFORM", "Parse", "address_units", "parse_address", "settle_units"]
