"""An app as users write it: every public name, and not one ignore.

Type checkers read it strictly; a test synthesizes it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_signer as signer
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from ecr_constructs import (
    BUILDKIT_CACHE_TAGS,
    COSIGN_TAGS,
    LATEST_TAG,
    Access,
    AdoptedRegistryPolicy,
    AdoptedRepository,
    AppliedFor,
    AppRunnerAccessRole,
    AssetRepository,
    BasicScanning,
    BatchInstanceRole,
    BlobMounting,
    CacheRule,
    Client,
    CodeBuildProjects,
    CodeBuildRole,
    CreationTemplate,
    DataPerimeter,
    EcrConstructsError,
    EcrValidator,
    EcsImageDefinitions,
    Effective,
    EksAutoNodeRole,
    EksFargatePodRole,
    EksHybridNodeRole,
    EksNodeRole,
    EmrServerlessApplications,
    Encryption,
    EnhancedScanning,
    EventSubscription,
    Finding,
    FindingSeverity,
    Fleet,
    FleetEnvironment,
    FleetGroup,
    FleetKind,
    FleetMode,
    FleetOptions,
    FleetPrincipal,
    FleetPrincipalKind,
    FleetRepository,
    FleetRole,
    FleetStage,
    FleetTrust,
    GalleryArchitecture,
    GalleryOperatingSystem,
    GitHubPullRole,
    GitHubPushRole,
    GitLabPullRole,
    GitLabPushRole,
    GrantError,
    ImageCommands,
    ImageEvent,
    ImageEventMessage,
    ImageKey,
    ImageSourceAction,
    InvalidInputError,
    LambdaFunctions,
    LifecycleRule,
    ManifestError,
    MemberRepository,
    MutableTags,
    OidcPullRole,
    OidcPushRole,
    OrganizationalUnitPrincipal,
    PublicRepository,
    PublishedRepository,
    PullCountAlarm,
    PullThroughCacheRule,
    PullTimeUpdateExclusion,
    QuotaAlarm,
    Registry,
    RegistryEndpoints,
    RegistryEndpointServices,
    RegistryPolicy,
    RegistryReplication,
    RegistryScanning,
    RegistryUsage,
    Removal,
    ReplicaRepositories,
    ReplicatedRepository,
    ReplicationDestination,
    ReplicationRule,
    RepositoryCatalogData,
    RepositoryCreationTemplate,
    RepositoryFleet,
    RepositoryReferenceError,
    RepositoryShare,
    SageMakerRole,
    ScanFindings,
    SecureRepository,
    Severity,
    SigningConfiguration,
    SigningRule,
    TaskDefinitionError,
    TaskExecutionRole,
    TaskRole,
    Upstream,
    Via,
    add_registry_statement,
    archive_unpulled,
    expire_after,
    expire_archived,
    expire_untagged,
    hardened_bootstrap_template,
    keep_last,
    protect,
)

DIGEST = "sha256:" + 64 * "a"
PROFILE = "arn:aws:signer:eu-west-1:222222222222:/signing-profiles/shop"


class Images(cdk.Stack):
    """Repositories with every option, and what is made of them."""

    def __init__(self, scope: Construct, construct_id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, construct_id, env=env)
        self.image_key = ImageKey(
            self,
            "ImageKey",
            alias="alias/images",
            description="Images of the shop",
            rotation_period_days=180,
            pending_window_days=7,
            multi_region=True,
            removal=Removal.retain(),
        )
        archive: list[LifecycleRule] = [
            archive_unpulled(after_days=60, tags="v*"),
            expire_archived(after_days=180),
        ]
        may_look = iam.PolicyStatement(actions=["ecr:DescribeImages"])
        may_look.add_aws_account_principal("333333333333")
        self.api = SecureRepository(
            self,
            "Api",
            repository_name="shop/api",
            encryption=Encryption.KMS,
            encryption_key=self.image_key,
            mutable_tags=[*LATEST_TAG, *COSIGN_TAGS, *BUILDKIT_CACHE_TAGS],
            lifecycle=[*protect("prod*"), *archive, expire_untagged(after_days=7)],
            may_expire=["v*", "builder", DIGEST],
            scan_on_push=True,
            policy_statements=[may_look],
            tags={"team": "shop"},
            removal=Removal.retain(),
        )
        plain_key = kms.Key(self, "PlainKey", enable_key_rotation=True)
        self.web = SecureRepository(
            self,
            "Web",
            encryption_key=plain_key,
            mutable_tags=MutableTags.all_except("v*"),
            lifecycle=[keep_last(30, tags="v*"), expire_after(days=90)],
            may_expire=["v*", "builder", DIGEST],
            removal=Removal.delete_when_empty(reason="rebuilt from source every night"),
        )
        far_key = kms.Key.from_key_arn(
            self, "FarKey", "arn:aws:kms:eu-west-1:333333333333:key/12345678"
        )
        self.vault = SecureRepository(
            self, "Vault", encryption_key=far_key, mutable_tags=LATEST_TAG
        )
        self.migrated = SecureRepository(
            self, "Migrated", encryption=Encryption.AS_DEPLOYED, lifecycle=[]
        )
        self.migrated.add_lifecycle_rule(max_image_count=5, tag_status=ecr.TagStatus.UNTAGGED)
        self.adopted: list[AdoptedRepository] = [
            SecureRepository.from_repository_name(self, "ByName", "shop/old"),
            SecureRepository.from_repository_arn(
                self, "ByArn", "arn:aws:ecr:eu-west-1:111111111111:repository/shop/older"
            ),
            SecureRepository.from_repository_attributes(
                self,
                "ByAttributes",
                repository_arn=cdk.Fn.import_value("OldestArn"),
                repository_name=cdk.Fn.import_value("OldestName"),
            ),
        ]
        commands = ImageCommands(
            self, "Commands", repository=self.api, tag="v2", clients=[Client.DOCKER, Client.ORAS]
        )
        commands.node.add_dependency(self.api)
        statements: list[dict[str, object]] = ImageKey.statements_for(
            account="222222222222", region="eu-west-1", partition="aws"
        )
        cdk.CfnOutput(self, "ForTheKeyOfAnother", value=json.dumps(statements))
        cdk.CfnOutput(self, "KeyArn", value=self.image_key.key_arn)
        for name, uri in {
            "Api": self.api.repository_uri_for_tag("v1"),
            "Digest": self.api.repository_uri_for_digest(DIGEST),
            "Either": self.web.repository_uri_for_tag_or_digest(DIGEST),
            "Host": ":".join(self.api.whereabouts()),
        }.items():
            cdk.CfnOutput(self, f"{name}Text", value=uri)


class Grants(Construct):
    """Every kind of principal that can be granted."""

    def __init__(self, scope: Construct, construct_id: str, *, images: Images) -> None:
        super().__init__(scope, construct_id)
        api, web = images.api, images.web
        # CDK's own annotations refuse `assumed_by=iam.ServicePrincipal(...)` outside mypy.
        ec2 = iam.ServicePrincipal("ec2.amazonaws.com").grant_principal
        role = iam.Role(self, "Role", assumed_by=ec2)
        user = iam.User(self, "User")
        group = iam.Group(self, "Group")
        project = codebuild.Project(
            self,
            "Build",
            build_spec=codebuild.BuildSpec.from_object({"version": "0.2"}),
            environment=codebuild.BuildEnvironment(
                build_image=codebuild.LinuxBuildImage.from_ecr_repository(api, "builder")
            ),
        )
        function = lambda_.DockerImageFunction(
            self, "Resize", code=lambda_.DockerImageCode.from_ecr(api, tag_or_digest="v1")
        )
        grant: iam.Grant = api.grant_pull(role)
        grant.assert_success()
        api.grant_push(user)
        api.grant_read(group)
        api.grant_pull_push(project)
        api.grant_pull(function)
        api.grant_pull(iam.AccountPrincipal("222222222222"))
        api.grant_pull(iam.OrganizationPrincipal("o-a1b2c3d4e5"))
        api.grant_read(OrganizationalUnitPrincipal("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"))
        web.grant_delete(role)
        web.grant_admin(iam.ArnPrincipal("arn:aws:iam::222222222222:role/admin"))
        web.grant_pull(iam.ServicePrincipal("lambda.amazonaws.com"))
        web.grant_pull(iam.Role.from_role_name(self, "Imported", "imported"))
        for adopted in images.adopted:
            adopted.grant_pull(role)
        uses_plain_interface(api, images.adopted[0])


class Tasks(Construct):
    """A Fargate task whose role knows what it may use."""

    def __init__(self, scope: Construct, construct_id: str, *, images: Images) -> None:
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(self, "Log")
        secret = secretsmanager.Secret(self, "Secret")
        parameter = ssm.StringParameter(self, "Parameter", string_value="on")
        known = secretsmanager.Secret.from_secret_name_v2(self, "Known", "shop/known")
        runner = TaskExecutionRole(
            self,
            "Runner",
            pulls_from=[images.api, images.web, images.adopted[0]],
            log_groups=[log_group],
            secrets=[secret, known],
            parameters=[parameter],
            role_name="runner",
            description="Starts the shop",
        )
        task = ecs.FargateTaskDefinition(self, "Task", execution_role=runner.role)
        task.add_container(
            "api",
            image=ecs.ContainerImage.from_ecr_repository(images.api, "v1"),
            secrets={"PASSWORD": ecs.Secret.from_secrets_manager(known)},
            logging=ecs.LogDrivers.aws_logs(stream_prefix="api", log_group=log_group),
        )
        pusher = GitHubPushRole(
            self,
            "Ci",
            repositories=[images.api, images.web],
            owner="example",
            project="shop",
            branch="main",
            provider_arn=None,
            role_name="pusher",
            description="Pushes the shop",
        )
        images.vault.grant_pull(pusher.role)


class Services(Construct):
    """AWS services that use images, each as its own constructs take it."""

    def __init__(self, scope: Construct, construct_id: str, *, images: Images) -> None:
        super().__init__(scope, construct_id)
        api, web, adopted = images.api, images.web, images.adopted[0]
        program = TaskRole(
            self, "Program", pulls_from=[web], pushes_to=[adopted], role_name="program"
        )
        nodes = EksNodeRole(
            self, "Nodes", pulls_from=[api, adopted], add_on_images=False, pod_network=True
        )
        made = EksAutoNodeRole(self, "Made", pulls_from=[api], description="Made by EKS")
        pods = EksFargatePodRole(self, "Pods", pulls_from=[api], cluster_name="shop")
        outside = EksHybridNodeRole(
            self,
            "Outside",
            pulls_from=[api],
            cluster_name="shop",
            trust_anchor_arn="arn:aws:rolesanywhere:eu-west-1:111111111111:trust-anchor/1",
        )
        instances = BatchInstanceRole(self, "Instances")
        models = SageMakerRole(self, "Models", pulls_from=[web])
        access = AppRunnerAccessRole(self, "Access", pulls_from=[web], role_name="web")
        builder = CodeBuildRole(
            self, "Builder", pulls_from=[web], pushes_to=[api], project_names=["shop-*"]
        )
        roles: Sequence[iam.IRole] = [
            each.role
            for each in (program, nodes, made, pods, outside, instances, models, access, builder)
        ]
        for number, role in enumerate(roles):
            cdk.CfnOutput(self, f"Role{number}", value=role.role_arn)
        codebuild.Project(
            self,
            "Project",
            role=builder.role,
            build_spec=codebuild.BuildSpec.from_object({"version": "0.2"}),
        )
        ecs.FargateTaskDefinition(self, "Task", task_role=program.role)

        makers = ["arn:aws:iam::222222222222:role/deployer"]
        web.grant_pull(LambdaFunctions(account="222222222222", names=["resize"], made_by=makers))
        web.grant_pull(CodeBuildProjects(names=["lint"], region="us-east-1"))
        web.grant_pull(EmrServerlessApplications(account="222222222222", made_by=makers))
        web.grant_pull(EmrServerlessApplications(application_ids=["00f1abcdexample"]))

        image, definitions = codepipeline.Artifact("Image"), codepipeline.Artifact("Definitions")
        step = EcsImageDefinitions(self, "Definitions", container_name="api")
        source = ImageSourceAction(
            action_name="Image", repository=api, tag="stable", output=image, variables_namespace="S"
        )
        deploy: actions.CodeBuildAction = step.action(
            action_name="Definitions", source=image, output=definitions
        )
        codepipeline.Pipeline(
            self,
            "Pipeline",
            stages=[
                codepipeline.StageProps(stage_name="Source", actions=[source]),
                codepipeline.StageProps(stage_name="Definitions", actions=[deploy]),
            ],
        )
        cdk.CfnOutput(self, "Step", value=step.project.project_name)


class Outside(Construct):
    """CI systems, other accounts, private subnets and whoever does not import this app."""

    def __init__(self, scope: Construct, construct_id: str, *, images: Images) -> None:
        super().__init__(scope, construct_id)
        api = images.api
        checks = GitHubPullRole(
            self,
            "Checks",
            repositories=[api],
            owner="example",
            project="shop",
            pull_requests=True,
        )
        jobs = GitLabPushRole(
            self, "Jobs", repositories=[api], owner="example", project="shop", tag_pattern="v*"
        )
        reads = GitLabPullRole(
            self,
            "Reads",
            repositories=[api],
            owner="example",
            project="shop",
            branch="main",
            host="gitlab.example.com",
            audience="aws",
        )
        steps = OidcPushRole(
            self,
            "Steps",
            repositories=[api],
            issuer="https://ci.example.com",
            audience="aws",
            subject="organization:example:pipeline:shop",
        )
        looks = OidcPullRole(
            self,
            "Looks",
            repositories=[api],
            issuer="https://ci.example.com",
            audience="aws",
            subject_pattern="organization:example:*",
        )
        share = RepositoryShare(
            self,
            "Share",
            repositories=[api],
            accounts=["222222222222"],
            organizations=["o-a1b2c3d4e5"],
            access=Access.PULL,
        )
        vpc = ec2.Vpc(self, "Vpc", availability_zones=["eu-west-1a"])
        endpoints = RegistryEndpoints(
            self,
            "Endpoints",
            vpc=vpc,
            repositories=[api],
            subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            clients=[ec2.SecurityGroup(self, "Hosts", vpc=vpc)],
            log_groups=[logs.LogGroup(self, "Log")],
            services=RegistryEndpointServices.of("eu-west-1"),
        )
        endpoints.docker.node.add_dependency(share)
        published = PublishedRepository(
            self, "Published", repository=api, path="/images/api", digests={"stable": DIGEST}
        )
        assets = AssetRepository.from_bootstrap(self, "Assets", qualifier="shop")
        for one in (checks, jobs, reads, steps, looks):
            published.grant_read(one.role)
            assets.grant_pull(one.role)


class Copies(cdk.Stack):
    """Another Region and another account: what is copied, signed and scanned there."""

    def __init__(self, scope: Construct, id: str, *, images: Images, there: cdk.Stack) -> None:
        env = cdk.Environment(account="111111111111", region="us-east-1")
        super().__init__(scope, id, env=env)
        scanner = iam.Role.from_role_name(self, "Scanner", "scanner")
        profile = signer.SigningProfile(
            self, "Profile", platform=signer.Platform.NOTATION_OCI_SHA384_ECDSA
        )
        rule = ReplicationRule(
            to=[
                "eu-central-1",
                there,
                ReplicationDestination(account="111111111111", region="us-west-2"),
            ],
            prefixes=["shop/"],
            repositories=ReplicaRepositories.DECLARED,
        )
        registry = Registry(
            self,
            "Registry",
            scanning=EnhancedScanning(continuous=["shop/*"], scan_on_push=["test/*"]),
            replication=[rule],
            signing=[SigningRule(profile=profile, repositories=["shop/*"])],
            pull_time_exclusions=[scanner],
        )
        if registry.signing is not None:
            registry.signing.grant_sign(scanner)
            registry.signing.grant_verify(scanner)
        self.holds: Effective = registry.effective("shop/api", via=Via.REPLICATION)
        may_pull = iam.PolicyStatement(actions=["ecr:BatchGetImage"], resources=["*"])
        may_pull.add_aws_account_principal("333333333333")
        add_registry_statement(self, may_pull)
        RegistryReplication(images, "Replication", rules=[ReplicationRule(to=["us-east-1"])])
        RegistryScanning(images, "Scanning", scanning=BasicScanning(scan_on_push=["shop/*"]))
        PullTimeUpdateExclusion(images, "Exclusion", role="arn:aws:iam::111111111111:role/scanner")
        SigningConfiguration(there, "Signing", rules=[SigningRule(profile=PROFILE)])
        AdoptedRegistryPolicy(images, "Elsewhere")
        place = RegistryPolicy(there, "RegistryPolicy")
        place.add_statement(may_pull)
        replica = ReplicatedRepository(self, "Api", source=images.api, lifecycle=[])
        replica.grant_pull(scanner)


class Made(cdk.Stack):
    """What ECR makes itself, a public repository, and the bounds of it all."""

    def __init__(self, scope: Construct, id: str, *, images: Images) -> None:
        env = cdk.Environment(account="333333333333", region="us-east-1")
        super().__init__(scope, id, env=env)
        nodes = iam.Role.from_role_name(self, "Nodes", "nodes")
        registry = Registry(
            self,
            "Registry",
            pull_through=[Upstream.quay(), CacheRule(upstream=Upstream.k8s(), prefix="kubernetes")],
            templates=[
                CreationTemplate(
                    prefix="quay",
                    applied_for=[AppliedFor.PULL_THROUGH_CACHE],
                    lifecycle=[expire_untagged(after_days=3)],
                )
            ],
            blob_mounting=False,
        )
        for rule in registry.pull_through:
            rule.grant_pull(nodes)
        hub = PullThroughCacheRule(self, "Hub", upstream=Upstream.docker_hub(), username="acme")
        hub.grant_pull(nodes, images=["library/nginx"])
        self.nginx: str = hub.image_uri("library/nginx", tag="1.27")
        BlobMounting(self, "BlobMounting")
        team = RepositoryCreationTemplate(
            self,
            "Team",
            prefix="team",
            applied_for=[AppliedFor.CREATE_ON_PUSH],
            mutable_tags=LATEST_TAG,
            lifecycle=[keep_last(50, tags="v*")],
        )
        team.grant_push(nodes)
        gallery = PublicRepository(
            self,
            "Gallery",
            repository_name="shop-agent",
            catalog_data=RepositoryCatalogData(
                description="Sends the events of a shop",
                architectures=[GalleryArchitecture.ARM_64],
                operating_systems=[GalleryOperatingSystem.LINUX],
            ),
        )
        gallery.grant_push(nodes)
        perimeter = DataPerimeter(organizations=["o-a1b2c3d4e5"], accounts=["222222222222"])
        perimeter.protect_registry(self)
        perimeter.protect_repositories(images.web)


def manifest() -> Fleet:
    """A fleet in Python, as a file would say it."""
    kind = FleetKind(
        group="shop",
        lifecycle=[keep_last(30, tags="v*")],
        pull=["reader", FleetPrincipal.account("222222222222")],
    )
    return Fleet(
        groups={"shop": FleetGroup(shards=2)},
        kinds={"service": kind},
        roles={"reader": FleetRole(group="shop", trust=FleetTrust.of_account("222222222222"))},
        environments={
            "dev": FleetEnvironment(
                account="111111111111",
                region="eu-west-1",
                overrides=FleetOptions(mutable_tags=["latest"]),
            )
        },
        repositories=[FleetRepository(name=f"shop/{name}", kind="service") for name in "ab"],
    )


def deployed(app: cdk.App) -> list[MemberRepository]:
    """The fleet in one environment with users of it, and in all of its environments."""
    # Elsewhere than the stage of that environment, whose repositories have the same names.
    env = cdk.Environment(account="444444444444", region="eu-west-1")
    fleet = RepositoryFleet(
        app, "Shop", manifest=manifest(), environment="dev", env=env, mode=FleetMode.FULL_TREE
    )
    reader = cdk.Stack(app, "Reader", env=env)
    member = fleet.repository("shop/a")
    member.grant_pull(iam.Role.from_role_name(reader, "Role", "reader"))
    stages = FleetStage.for_environments(app, manifest=manifest())
    return [member, *(stage.fleet.repository("shop/b") for stage in stages)]


def told(path: str) -> list[str]:
    """What an editor shows of a manifest that cannot be used."""
    try:
        fleet = Fleet.from_file(path)
    except ManifestError as error:
        return [f"{problem.place}: {problem.finding.message}" for problem in error.problems]
    accounts = [
        name
        for name, principal in fleet.principals.items()
        if principal.kind is FleetPrincipalKind.ACCOUNT
    ]
    return [*accounts, *(str(warning) for warning in fleet.warnings), fleet.to_json()]


def hardened(template: Mapping[str, object]) -> dict[str, object]:
    """The bootstrap template, as a script deploys it."""
    return hardened_bootstrap_template(template, expire_untagged_after=14)


class Watched(Construct):
    """Whoever is told of images, and what rings."""

    def __init__(self, scope: Construct, id: str, *, images: Images) -> None:
        super().__init__(scope, id)
        topic, queue = sns.Topic(self, "OnCall"), sqs.Queue(self, "Work")
        scans = EventSubscription(
            self,
            "Scans",
            events=[ScanFindings(at_least=FindingSeverity.MEDIUM, each_finding=False)],
            repositories=[images.api],
            target=topic,
            dead_letter_queue=queue,
        )
        EventSubscription(
            self,
            "All",
            events=[ImageEvent.PUSHED, ScanFindings()],
            prefixes=["shop/"],
            target=queue,
        )
        theirs = lambda_.Function.from_function_name(self, "Function", "on-push")
        EventSubscription(self, "Signed", events=[ImageEvent.SIGNED], target=theirs)
        machine = stepfunctions.StateMachine.from_state_machine_name(self, "Machine", "on-push")
        start = targets.SfnStateMachine(machine, input=ImageEventMessage())
        EventSubscription(self, "Cached", events=[ImageEvent.CACHED], target=start)
        unused = PullCountAlarm(self, "Unused", repository=images.api, fewer_than=1, minutes=60)
        pulls = QuotaAlarm(self, "Pulls", usage=RegistryUsage.PULLS, percent=70, topics=[topic])
        for number, arn in enumerate([unused.alarm.alarm_arn, pulls.alarm.alarm_arn]):
            cdk.CfnOutput(self, f"Alarm{number}", value=arn)
        for rule in scans.rules:
            rule.node.add_dependency(queue)


def uses_plain_interface(*repositories: ecr.IRepository) -> list[str]:
    """Somebody's function that takes CDK's own interface."""
    return [repository.repository_name for repository in repositories]


def explained(error: EcrConstructsError) -> str:
    """What a tool makes of an error."""
    findings: Sequence[Finding] = error.findings
    dangers = [finding for finding in findings if finding.severity is Severity.DANGER]
    lines = [f"{one.code} {one.property}: {one.message}, {one.fix} {one.docs}" for one in dangers]
    return "\n".join([error.code, error.allowed, error.fix, repr(error.given), *lines])


def main() -> int:
    """Synthesize, or say what is wrong."""
    app = cdk.App()
    cdk.Validations.of(app).add_plugins(EcrValidator(fail_on=Severity.DANGER))
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    try:
        images = Images(app, "Images", env=env)
        Grants(images, "Grants", images=images)
        Tasks(images, "Tasks", images=images)
        Services(images, "Services", images=images)
        Outside(images, "Outside", images=images)
        Watched(images, "Watched", images=images)
        there = cdk.Stack(
            app, "There", env=cdk.Environment(account="222222222222", region="eu-west-1")
        )
        Copies(app, "Copies", images=images, there=there)
        Made(app, "Made", images=images)
        deployed(app)
    except (InvalidInputError, GrantError) as error:
        sys.stderr.write(explained(error))
        return 1
    except (RepositoryReferenceError, TaskDefinitionError) as error:
        sys.stderr.write(f"{error.construct_path or 'an unknown place'}: {error.message}")
        return 1
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
