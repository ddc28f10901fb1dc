"""Whether a digitised file is what the rules want: rule sets are data, facts are measured, nothing is decided here."""

from pipeline.conformity.facts import DerivedPdf, Facts, KeptPicture, faults_shown, picture_traits
from pipeline.conformity.judgement import judge, judge_signatures
from pipeline.conformity.rule_sets import RuleSet, load_rule_sets, shipped_rule_sets

__all__ = (
    "DerivedPdf",
    "Facts",
    "KeptPicture",
    "RuleSet",
    "faults_shown",
    "judge",
    "judge_signatures",
    "load_rule_sets",
    "picture_traits",
    "shipped_rule_sets",
)
