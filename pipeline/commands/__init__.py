"""The commands of ``sohoa``, a module for each family: its arguments, and what it does.

Each imports what it needs when it runs, so that help is instant.
"""

from pipeline.commands import (
    accounts,
    batching,
    digitising,
    exporting,
    keeping,
    lists,
    paging,
    provenance,
    reporting,
    rereading,
    reusing,
    reviewing,
    separating,
    signing,
    stack,
    submitting,
    systems,
    telling,
    watching,
)

#: What adds commands to the parser, in the order of the help.
FAMILIES = (
    digitising.add,
    submitting.add,
    batching.add,
    separating.add,
    watching.add,
    exporting.add,
    rereading.add,
    reviewing.add,
    signing.add,
    stack.add,
    accounts.add,
    systems.add,
    reusing.add,
    telling.add,
    lists.add,
    reporting.add,
    provenance.add,
    keeping.add,
    paging.add,
)

__all__ = ["FAMILIES"]
