"""Ways to break a promise on purpose, each with the tests that must notice. `bin/break` tries them. A file per area.

A mutant is exact text and what stands there instead. When the text is gone the mutant is mended together with the code.
"""

from tests.mutants import (
    access,
    adorned,
    backups,
    bounds,
    delivery,
    doors,
    entry,
    erased,
    faults,
    health,
    http,
    install,
    intake,
    invites,
    letters,
    lifetimes,
    lives,
    page,
    peace,
    programs,
    reactions,
    roads,
    robot,
    search,
    storage,
    wire,
    words,
)
from tests.mutants.mutant import Edit, Mutant

__all__ = ["MUTANTS", "Edit", "Mutant"]

MUTANTS = (
    *storage.MUTANTS,
    *delivery.MUTANTS,
    *faults.MUTANTS,
    *health.MUTANTS,
    *http.MUTANTS,
    *access.MUTANTS,
    *entry.MUTANTS,
    *erased.MUTANTS,
    *intake.MUTANTS,
    *install.MUTANTS,
    *invites.MUTANTS,
    *letters.MUTANTS,
    *lifetimes.MUTANTS,
    *lives.MUTANTS,
    *backups.MUTANTS,
    *bounds.MUTANTS,
    *doors.MUTANTS,
    *adorned.MUTANTS,
    *peace.MUTANTS,
    *roads.MUTANTS,
    *page.MUTANTS,
    *programs.MUTANTS,
    *reactions.MUTANTS,
    *robot.MUTANTS,
    *search.MUTANTS,
    *wire.MUTANTS,
    *words.MUTANTS,
)
