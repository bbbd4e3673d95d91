"""What a subscription selects, without CDK."""

from ecr_constructs.model.events.matching import matches
from ecr_constructs.model.events.patterns import pattern_of
from ecr_constructs.model.events.repositories import RepositoryFilter
from ecr_constructs.model.events.selections import selections_of


def where(given, *, names=(), prefixes=(), account=None, region=None):
    """Repositories of the account and Region that an event is from."""
    return RepositoryFilter(
        names=names,
        prefixes=prefixes,
        partition="aws",
        account=account or given["account"],
        region=region or given["region"],
    )


def selected(subscribed, given, repositories=None):
    """The selections of a subscription that take an event."""
    wanted = where(given) if repositories is None else repositories
    return [
        selection
        for selection in selections_of(subscribed)
        if matches(pattern_of(selection, wanted), given)
    ]
