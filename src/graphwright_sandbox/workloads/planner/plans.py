"""Requests about plans, their details and their buckets."""

from urllib.parse import unquote, urlsplit

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.presentation import (
    Limits,
    View,
    answer_collection,
    answer_entity,
    project,
)
from graphwright_sandbox.graph.query import QueryOptions
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.groups import Group
from graphwright_sandbox.workloads.planner.access import (
    answer_change,
    check_access,
    check_etag,
    may_see,
)
from graphwright_sandbox.workloads.planner.entities import BUCKET, PLAN, PLAN_DETAILS
from graphwright_sandbox.workloads.planner.errors import invalid, no_access, not_found
from graphwright_sandbox.workloads.planner.maps import check_user_id, merge_flags, take_map
from graphwright_sandbox.workloads.planner.order_hints import place_hint
from graphwright_sandbox.workloads.planner.records import identity, new_bucket, new_plan
from graphwright_sandbox.workloads.planner.store import PlannerStore, stamp

LIMITS = Limits(default=100, maximum=400)
DETAILS_VIEW = View(PLAN_DETAILS, always=("id",))
BUCKET_VIEW = View(BUCKET, always=("id",))


class PlanService:
    def __init__(self, store: PlannerStore) -> None:
        self._store = store
        self._view = View(PLAN, always=("id",), expanders={"details": _expand_details})

    def _plan(self, request: GraphRequest) -> Record:
        plan = self._store.plan(request.keys["plan"])
        check_access(self._store.context, request, plan)
        return plan

    def _bucket(self, request: GraphRequest) -> Record:
        bucket = self._store.bucket(request.keys["bucket"])
        check_access(self._store.context, request, self._store.plan(bucket["planId"]))
        return bucket

    def list_mine(self, request: GraphRequest) -> GraphResponse:
        """The plans of a person, as far as the caller may see them."""
        context = self._store.context
        records = [
            plan
            for plan in self._store.board.plans.values()
            if plan["owner"] in context.tenant.groups
            and may_see(context, request.person.id, plan)
            and may_see(context, request.caller.user_id, plan)
        ]
        path = request.mailbox_path("planner/plans")
        return answer_collection(request, self._view, records, path, LIMITS)

    def list_of_group(self, request: GraphRequest) -> GraphResponse:
        group = self._group(request, request.keys["group"])
        records = [p for p in self._store.board.plans.values() if p["owner"] == group.id]
        path = f"groups('{group.id}')/planner/plans"
        return answer_collection(request, self._view, records, path, LIMITS)

    def _group(self, request: GraphRequest, identifier: str) -> Group:
        """A Microsoft 365 group of which the caller is a member."""
        group = self._store.context.tenant.groups.find(identifier)
        if group is None or not group.unified:
            raise not_found()
        caller = request.caller.user_id
        if caller is not None and caller not in (*group.members, *group.owners):
            raise no_access()
        return group

    def get(self, request: GraphRequest) -> GraphResponse:
        return answer_entity(request, self._view, self._plan(request), "planner/plans")

    def create(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("plannerPlan")
        title = _filled(data.get("title"), "title")
        group = self._group(request, _container_of(data))
        plan = new_plan(group.id, title, identity(request.caller), request.now)
        self._store.put("plans", plan)
        return answer_entity(request, self._view, plan, "planner/plans", status=201)

    def change(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("plannerPlan")
        plan = self._plan(request)
        check_etag(request, plan)
        if unchangeable := sorted(data.keys() - {"title"}):
            raise invalid(f"The property '{unchangeable[0]}' of a plan cannot be changed.")
        if "title" in data:
            plan["title"] = _filled(data["title"], "title")
        stamp(plan, "Plan")
        self._store.updated("plans", plan)
        return answer_change(request, self._view, plan, "planner/plans")

    def delete(self, request: GraphRequest) -> GraphResponse:
        plan = self._plan(request)
        check_etag(request, plan)
        self._store.remove("plans", plan)
        return no_content()

    def get_details(self, request: GraphRequest) -> GraphResponse:
        plan = self._plan(request)
        path = f"planner/plans('{plan['id']}')/details"
        return answer_entity(request, DETAILS_VIEW, plan["_details"], path)

    def change_details(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        plan = self._plan(request)
        details = plan["_details"]
        check_etag(request, details)
        shared = take_map(body, "sharedWith")
        data = read_entity(body, PLAN_DETAILS)
        if shared is not None:
            given = {check_user_id(key): value for key, value in shared.items()}
            details["sharedWith"] = merge_flags(details["sharedWith"], given)
        described = data.get("categoryDescriptions")
        if described is not None:
            details["categoryDescriptions"] = {**details["categoryDescriptions"], **described}
        stamp(details, "PlanDetails")
        self._store.updated("plans", plan)
        path = f"planner/plans('{plan['id']}')/details"
        return answer_change(request, DETAILS_VIEW, details, path)

    def list_buckets(self, request: GraphRequest) -> GraphResponse:
        plan = self._plan(request)
        records = [b for b in self._store.board.buckets.values() if b["planId"] == plan["id"]]
        path = f"planner/plans('{plan['id']}')/buckets"
        return answer_collection(request, BUCKET_VIEW, records, path, LIMITS)

    def get_bucket(self, request: GraphRequest) -> GraphResponse:
        return answer_entity(request, BUCKET_VIEW, self._bucket(request), "planner/buckets")

    def create_bucket(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("plannerBucket")
        name = _filled(data.get("name"), "name")
        plan = self._store.plan(_filled(data.get("planId"), "planId"))
        check_access(self._store.context, request, plan)
        hint = place_hint(data.get("orderHint"), self._hints(plan["id"]))
        bucket = new_bucket(plan["id"], name, hint)
        self._store.put("buckets", bucket)
        return answer_entity(request, BUCKET_VIEW, bucket, "planner/buckets", status=201)

    def _hints(self, plan_id: str) -> list[str]:
        buckets = self._store.board.buckets.values()
        return [bucket["orderHint"] for bucket in buckets if bucket["planId"] == plan_id]

    def change_bucket(self, request: GraphRequest) -> GraphResponse:
        data = request.read_entity("plannerBucket")
        bucket = self._bucket(request)
        check_etag(request, bucket)
        if data.get("planId", bucket["planId"]) != bucket["planId"]:
            raise invalid("The property 'planId' of a bucket cannot be changed.")
        if "name" in data:
            bucket["name"] = _filled(data["name"], "name")
        if data.get("orderHint") is not None:
            bucket["orderHint"] = place_hint(data["orderHint"], self._hints(bucket["planId"]))
        stamp(bucket, "Bucket")
        self._store.updated("buckets", bucket)
        return answer_change(request, BUCKET_VIEW, bucket, "planner/buckets")

    def delete_bucket(self, request: GraphRequest) -> GraphResponse:
        bucket = self._bucket(request)
        check_etag(request, bucket)
        self._store.remove("buckets", bucket)
        return no_content()


def _filled(value: str | None, name: str) -> str:
    if not value or not value.strip():
        raise invalid(f"The property '{name}' is required.")
    return value


def _container_of(data: Record) -> str:
    """The group a new plan is to lie in: by container, or by `owner` as it was said before."""
    container = data.get("container") or {}
    if container.get("type", "group") != "group":
        raise invalid("Only groups can contain plans here.")
    if container.get("url"):
        return unquote(urlsplit(container["url"]).path.rstrip("/").rpartition("/")[2])
    return _filled(container.get("containerId") or data.get("owner"), "container")


def _expand_details(request: GraphRequest, record: Record, options: QueryOptions) -> Record:
    return project(request, DETAILS_VIEW, record["_details"], options)
