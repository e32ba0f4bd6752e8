"""``/_sandbox/control/subscriptions``: who is subscribed, and lifecycle notifications at will.

It must not know how notifications are sent.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphwright_sandbox.control import CONTROL_PATH, BadControlRequest, guard, read_object
from graphwright_sandbox.notifications.notifier import LIFECYCLE_EVENTS, Notifier

_PATH = f"{CONTROL_PATH}/subscriptions"


class NotificationControl:
    """What a test may do to subscriptions; each call needs the control key."""

    def __init__(self, notifier: Notifier, control_key: str) -> None:
        self._notifier = notifier
        self._key = control_key

    def routes(self) -> list[Route]:
        return [
            Route(_PATH, guard(self._key, self._list), methods=["GET"]),
            Route(f"{_PATH}/{{id}}/lifecycle", guard(self._key, self._tell), methods=["POST"]),
        ]

    async def _list(self, _: Request) -> Response:
        return JSONResponse(
            {
                "subscriptions": [
                    {
                        "id": one.id,
                        "resource": one.resource,
                        "changeType": ",".join(one.change_types),
                        "applicationId": one.caller.app_id,
                        "userId": one.caller.user_id,
                        "expirationDateTime": one.expires.isoformat(),
                    }
                    for one in self._notifier.present()
                ]
            }
        )

    async def _tell(self, request: Request) -> Response:
        body = await read_object(request)
        event = body.get("event")
        if event not in LIFECYCLE_EVENTS:
            raise BadControlRequest(f"'event' is none of {', '.join(LIFECYCLE_EVENTS)}")
        subscription = self._notifier.find(request.path_params["id"])
        if subscription is None:
            return JSONResponse({"error": "there is no subscription of this id"}, 404)
        if subscription.lifecycle_url is None:
            raise BadControlRequest("the subscription has no lifecycleNotificationUrl")
        self._notifier.tell_lifecycle(subscription, event)
        return Response(status_code=204)
