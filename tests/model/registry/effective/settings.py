"""Resources of a registry, as templates have them, and what holds for a name."""

from __future__ import annotations

from ecr_constructs.model.registry.effective import Effective, effective, read_configuration


def filters(kind, *texts):
    return [{"Filter": text, "FilterType": kind} for text in texts]


def scanning(scan_type, **by_frequency):
    """``on_push`` and ``continuous``: the filters of each."""
    frequencies = {"on_push": "SCAN_ON_PUSH", "continuous": "CONTINUOUS_SCAN"}
    rules = [
        {
            "ScanFrequency": frequencies[option],
            "RepositoryFilters": filters("WILDCARD", *texts),
        }
        for option, texts in by_frequency.items()
    ]
    properties = {"ScanType": scan_type, "Rules": rules}
    return ("AWS::ECR::RegistryScanningConfiguration", properties)


def replication(*rules):
    """Each rule: its destinations, then its prefixes or None."""
    written = [
        {
            "Destinations": [
                {"RegistryId": account, "Region": region} for account, region in destinations
            ],
            **(
                {}
                if prefixes is None
                else {"RepositoryFilters": filters("PREFIX_MATCH", *prefixes)}
            ),
        }
        for destinations, prefixes in rules
    ]
    properties = {"ReplicationConfiguration": {"Rules": written}}
    return ("AWS::ECR::ReplicationConfiguration", properties)


def cache_rule(prefix, upstream="public.ecr.aws", upstream_prefix=None):
    properties = {"EcrRepositoryPrefix": prefix, "UpstreamRegistryUrl": upstream}
    if upstream_prefix is not None:
        properties["UpstreamRepositoryPrefix"] = upstream_prefix
    return ("AWS::ECR::PullThroughCacheRule", properties)


def template(prefix, *applied_for, **properties):
    every = ("REPLICATION", "PULL_THROUGH_CACHE", "CREATE_ON_PUSH")
    return (
        "AWS::ECR::RepositoryCreationTemplate",
        {"Prefix": prefix, "AppliedFor": list(applied_for or every), **properties},
    )


def signing(*rules):
    """Each rule: the name of its profile, then its patterns or None."""
    written = [
        {
            "SigningProfileArn": profile_arn(profile),
            **(
                {}
                if patterns is None
                else {"RepositoryFilters": filters("WILDCARD_MATCH", *patterns)}
            ),
        }
        for profile, patterns in rules
    ]
    return ("AWS::ECR::SigningConfiguration", {"Rules": written})


def profile_arn(name):
    return f"arn:aws:signer:eu-west-1:111111111111:/signing-profiles/{name}"


def holds(name, *resources, **options) -> Effective:
    return effective(read_configuration(resources), name, **options)
