"""What every test of a rule asks of its answer."""

from ecr_constructs.model.findings import Finding, Severity

STRING_TOKEN = "${Token[TOKEN.1]}"
LIST_TOKEN = "#{Token[TOKEN.2]}"
NUMBER_TOKEN = -1.8881545897087626e289
# As CDK writes it, as a template's {"Ref": ...} and {"Fn::GetAtt": ...} look once flattened.
DEFERRED_TEXTS = (STRING_TOKEN, "${AWS::AccountId}", "${Name}", "${Key.Arn}", "a${Token[T.3]}b")
NOT_TEXTS = (None, 7, True, 1.5, [], {}, b"x", object)


def only(findings):
    """The one finding there is, complete: each part says something and the sentence has it all."""
    assert len(findings) == 1, [finding.sentence() for finding in findings]
    finding = findings[0]
    complete(finding)
    return finding


def complete(finding):
    assert isinstance(finding, Finding)
    for text in (finding.property, finding.message, finding.allowed, finding.fix):
        assert text.strip() == text
        assert text
    assert not finding.message.endswith(".")
    # Lower case, but for the path of a construct, which is a name.
    assert not finding.message[0].isupper() or "/" in finding.message.split()[0]
    assert finding.docs.startswith("https://")
    for part in (finding.property, finding.message, finding.allowed, finding.fix):
        assert part in finding.sentence()
    assert repr(finding.given) in finding.sentence()


def codes(findings):
    return sorted(finding.code for finding in findings)


def dangerous(findings):
    return sorted(finding.code for finding in findings if finding.severity is Severity.DANGER)
