"""Whether the archive is what it was: every object hashed again, every chain followed, every witness asked.

::

    record ──previous──► record        manifest ──previous──► manifest        line ──previous──► line
      │ sha256 of every object           │ sha256 of every newest record        │ in a segment, in an anchor of its day
      ▼                                  ▼                                      ▼
    objects, original, receipt         records, receipts, tombstones          receptions, records, erasures
"""

from pipeline.verification.bucket import Scope, verify
from pipeline.verification.damage import Damage, Finding
from pipeline.verification.scene import Fixity, Report

__all__ = ["Damage", "Finding", "Fixity", "Report", "Scope", "verify"]
