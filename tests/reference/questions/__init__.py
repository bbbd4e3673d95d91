"""Random questions about access, all different and the same for a seed.

They are made so that every part of an evaluation decides often: what a policy says is drawn from
what the question could meet. Half of the worlds are broad: most layers of policies let everything
pass while one or two say something particular. The others are narrow: one statement decides, so
that what it says is seen in every answer.
"""

from tests.reference.questions.requests import OTHER, OWN, REGION
from tests.reference.questions.worlds import Questions

__all__ = ["OTHER", "OWN", "REGION", "Questions"]
