"""The review desk: people go through what was read, point by point, and decide."""

from pipeline.review_desk.cases import Case, CaseField, CasePart
from pipeline.review_desk.desk import Desk, Outcome, RejectionCode, Rules
from pipeline.review_desk.steps import TypedValueError, Wish

__all__ = ("Case", "CaseField", "CasePart", "Desk", "Outcome", "RejectionCode", "Rules", "TypedValueError", "Wish")
