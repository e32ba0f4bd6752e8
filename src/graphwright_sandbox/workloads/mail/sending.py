"""Requests that send: new mail, drafts, replies and forwards."""

from dataclasses import replace
from typing import Any

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.errors import bad_request
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record
from graphwright_sandbox.workloads.mail.entities import MESSAGE
from graphwright_sandbox.workloads.mail.mailboxes import Mailbox
from graphwright_sandbox.workloads.mail.messages import MessageService
from graphwright_sandbox.workloads.mail.records import MessageRecord
from graphwright_sandbox.workloads.mail.replies import (
    Action,
    answer_to,
    carried_attachments,
    check_forward,
)
from graphwright_sandbox.workloads.mail.store import Mailboxes

ACTIONS: tuple[Action, ...] = ("reply", "replyAll", "forward")


class SendingService:
    def __init__(self, mailboxes: Mailboxes, messages: MessageService) -> None:
        self._mailboxes = mailboxes
        self._messages = messages

    def send_mail(self, request: GraphRequest) -> GraphResponse:
        mailbox = self._messages.mailbox(request)
        outbox = mailbox.well_known("outbox")
        save = True
        if request.content_type == "text/plain":
            record = self._messages.compose_mime(request, mailbox, outbox)
        else:
            parameters = request.read_parameters("message", "saveToSentItems")
            save = parameters.get("savetosentitems", True)
            if not isinstance(save, bool):
                raise bad_request("The parameter 'SaveToSentItems' needs to be true or false.")
            data = _message(parameters, needed=True)
            record = self._mailboxes.compose(mailbox, outbox, data, request.now)
        self._mailboxes.send_new(mailbox, record, request.now, save=save)
        return GraphResponse(202)

    def send_draft(self, request: GraphRequest) -> GraphResponse:
        record = self._messages.message(request)
        self._mailboxes.send_draft(self._messages.mailbox(request), record, request.now)
        return GraphResponse(202)

    def answer(self, request: GraphRequest) -> GraphResponse:
        """reply, replyAll and forward: sent at once."""
        action = _action(request)
        mailbox = self._messages.mailbox(request)
        record = self._draft(request, mailbox, action)
        if action == "forward":
            check_forward(record.properties)
        self._mailboxes.send_new(mailbox, record, request.now, save=True)
        return GraphResponse(202)

    def draft_answer(self, request: GraphRequest) -> GraphResponse:
        """createReply, createReplyAll and createForward: a draft to be finished and sent."""
        mailbox = self._messages.mailbox(request)
        record = self._draft(request, mailbox, _action(request))
        return self._messages.answer(request, self._mailboxes.add(mailbox, record), 201)

    def _draft(self, request: GraphRequest, mailbox: Mailbox, action: Action) -> MessageRecord:
        original = self._messages.message(request)
        drafts = mailbox.well_known("drafts")
        if request.content_type == "text/plain":
            record = self._messages.compose_mime(request, mailbox, drafts)
            return replace(record, conversation=original.conversation)
        parameters: Record = {}
        if request.body.strip():
            parameters = request.read_parameters("message", "comment", "toRecipients")
        message = _message(parameters, needed=False)
        if "torecipients" in parameters:
            if "toRecipients" in message:
                raise bad_request(
                    "Specify the recipients as a parameter or in the message, not both.",
                    "ErrorInvalidRequest",
                )
            given = {"toRecipients": parameters["torecipients"]}
            message |= read_entity(given, MESSAGE)
        comment = parameters.get("comment")
        if comment is not None and not isinstance(comment, str):
            raise bad_request("The parameter 'Comment' needs to be a text.")
        owner = request.person.mail
        data = answer_to(original, action, message, comment, owner)
        record = self._mailboxes.compose(mailbox, drafts, data, request.now)
        record.attachments = [*carried_attachments(original, action), *record.attachments]
        record.conversation = original.conversation
        return record


def _action(request: GraphRequest) -> Action:
    name = request.operation.rsplit("/", 1)[-1].lower().removeprefix("create")
    return next(action for action in ACTIONS if action.lower() == name)


def _message(parameters: Record, *, needed: bool) -> dict[str, Any]:
    message = parameters.get("message")
    if message is None and not needed:
        return {}
    if not isinstance(message, dict):
        raise bad_request("The parameter 'Message' is missing.", "ErrorInvalidRequest")
    return read_entity(message, MESSAGE)
