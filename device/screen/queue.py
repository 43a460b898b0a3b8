"""The pages of customer service: topics, channels, queue, conversation, and end (Q4-Q10)."""

from collections.abc import Iterator
from datetime import datetime

from device.contract.documents import Cafe
from device.contract.queue import CallBack, QueueTopic, QueueVisit, WaitEstimate
from device.rules.cafe import current_or_next
from device.rules.queue import is_joining, visit_of
from device.screen.opening_hours import opens_words
from device.screen.page_context import PageContext
from device.window_protocol.intents import (
    AnswerCallBack,
    AskForVideo,
    AskToLeaveQueue,
    ChooseQueue,
    CloseVisit,
    JoinQueue,
    LeaveQueue,
    OpenPage,
    RateVisit,
    RefuseVideo,
    SendReply,
    WriteMessage,
)
from device.window_protocol.model import Bubble, Button, ChatPage, ChoicePage, Keyboard, LinePage, QueuePage

MOST_BUBBLES = 100


def queue_button(context: PageContext) -> Button | None:
    """Return the home page's button, with the visit's state."""
    if not context.view.elements.queue:
        return None
    words, visit = context.words, visit_of(context.state)
    detail = ""
    if is_joining(context.state):
        detail = words("Joining the line")
    elif visit and visit.stage == "waiting":
        detail = words("In line, place {place}", place=str(visit.place))
    elif visit and visit.stage == "served":
        detail = words("{name} is serving you", name=visit.agent_name)
    return Button(
        words=words("Service"), detail=detail, icon="chat", intent=OpenPage("queue"), on=bool(detail)
    )


def queue_page(context: PageContext) -> QueuePage:
    """Return the current page of the visit."""
    visit = visit_of(context.state)
    if context.state.queue_pages.asks_to_leave and (is_joining(context.state) or visit):
        return _asks_to_leave(context, visit)
    if is_joining(context.state):
        return _joining(context)
    if visit is None:
        topic = _chosen(context)
        return _ways(context, topic) if topic else _topics(context)
    if visit.stage == "waiting":
        return _waiting(context, visit)
    return _served(context, visit) if visit.stage == "served" else _end(context, visit)


def _served(context: PageContext, visit: QueueVisit) -> QueuePage:
    if visit.way == "video":
        return _video(context, visit)
    is_answered = context.state.queue.refuses_video or context.state.queue.wants_video
    if visit.video == "asked-by-agent" and not is_answered:
        return _asks_for_video(context, visit)
    return _chat(context, visit)


def _topics(context: PageContext) -> ChoicePage:
    words, document = context.words, context.state.documents.queue
    topics = document.topics if document else []
    return ChoicePage(
        title=words("Service"),
        words=words("What can we help you with?") if topics else words("There is no service here yet."),
        choices=[_topic_button(context, topic) for topic in topics],
        more=words("More"),
        fewer=words("Previous"),
        back=_back(context),
    )


def _topic_button(context: PageContext, topic: QueueTopic) -> Button:
    detail, is_open = _hours(context, topic)
    most_min = topic.estimate.most_min if topic.estimate else None
    if is_open and (context.now.trusted or not topic.hours):
        words = context.words
        detail = words("Open, {minutes} min at most", minutes=str(most_min)) if most_min else words("Open")
    return Button(words=topic.name, detail=detail, icon="chat", intent=ChooseQueue(topic.queue_id))


def _chosen(context: PageContext) -> QueueTopic | None:
    document = context.state.documents.queue
    topics = document.topics if document else []
    return next((each for each in topics if each.queue_id == context.state.queue_pages.queue_id), None)


def _ways(context: PageContext, topic: QueueTopic) -> ChoicePage:
    words = context.words
    detail, is_open = _hours(context, topic)
    choices = []
    if is_open and "text" in topic.ways:
        choices.append(Button(words=words("Write"), icon="write", intent=JoinQueue(topic.queue_id, "text")))
    if is_open and "video" in topic.ways:
        choices.append(
            Button(words=words("Talk with picture"), icon="camera", intent=JoinQueue(topic.queue_id, "video"))
        )
    return ChoicePage(
        title=topic.name,
        words=detail,
        choices=choices,
        back=Button(words=words("Back"), icon="undo", intent=ChooseQueue("")),
    )


def _hours(context: PageContext, topic: QueueTopic) -> tuple[str, bool]:
    """Return the expected wait if it is open, or when it opens; without a trusted clock it does not guess."""
    words = context.words
    if topic.is_closed:
        return words("Closed just now"), False
    if topic.hours and not context.now.trusted:
        return words("Hours not known"), True
    if topic.hours:
        week = Cafe(hours=topic.hours, closed_on=topic.closed_on)
        opening = current_or_next(week, context.now.wall, context.zone)
        if opening is None:
            return words("Closed this week"), False
        if opening.opens > context.now.wall:
            return opens_words(context, opening), False
    wait = _wait(context, topic.estimate)
    return (words("Open. {wait}", wait=wait) if topic.estimate else words("Open")), True


def _wait(context: PageContext, estimate: WaitEstimate | None) -> str:
    """Return the wait in rounded minutes, or that it is unknown."""
    words = context.words
    if estimate is None:
        return words("We do not know yet how long it takes.")
    if estimate.most_min is None:
        return words("The wait is more than {minutes} minutes.", minutes=str(estimate.least_min))
    if estimate.least_min == 0:
        return words("The wait is at most {minutes} minutes.", minutes=str(estimate.most_min))
    return words(
        "The wait is {least} to {most} minutes.", least=str(estimate.least_min), most=str(estimate.most_min)
    )


def _joining(context: PageContext) -> LinePage:
    words = context.words
    hint = words("One moment, please") if context.connected else words("You join as soon as there is a link.")
    return LinePage(
        headline=words("Joining the line"), words=hint, acts=[_leave_button(context)], back=_back(context)
    )


def _waiting(context: PageContext, visit: QueueVisit) -> LinePage:
    words, own = context.words, context.state.queue
    lines = [
        words("{queue}. In line since {time}", queue=visit.queue_name, time=_time(context, visit.joined_at))
    ]
    if visit.is_released:
        lines.append(words("Somebody else will go on with you. Your place is kept."))
    answered: CallBack = visit.call_back if visit.call_back != "offered" else ""
    if own.visit_id == visit.visit_id and own.call_back:
        answered = own.call_back
    acts = [_leave_button(context)]
    if answered == "accepted":
        lines.append(words("We will call you. You may do other things meanwhile."))
    elif visit.call_back == "offered" and not answered:
        lines.append(words("Would you like us to call you back instead?"))
        acts = [
            Button(words=words("Call me back"), icon="call", intent=AnswerCallBack(accepted=True)),
            Button(words=words("I will wait"), icon="clock", intent=AnswerCallBack(accepted=False)),
        ]
    return LinePage(
        headline=words("You are in line, place {place}", place=str(visit.place)),
        words=_wait(context, visit.estimate),
        lines=lines,
        acts=acts,
        back=_back(context),
    )


def _asks_to_leave(context: PageContext, visit: QueueVisit | None) -> LinePage:
    words = context.words
    is_served = visit is not None and visit.stage == "served"
    return LinePage(
        headline=words("Do you want to end?") if is_served else words("Do you want to leave the line?"),
        words=words("The conversation is over then.") if is_served else words("You lose your place then."),
        acts=[
            Button(words=words("Yes, leave"), icon="cancel", intent=LeaveQueue()),
            Button(words=words("No, stay"), icon="undo", intent=AskToLeaveQueue(stays=True)),
        ],
    )


def _asks_for_video(context: PageContext, visit: QueueVisit) -> LinePage:
    """Return the question before the camera is switched on (Q5)."""
    words = context.words
    return LinePage(
        headline=words("{name} would like to talk with picture", name=visit.agent_name),
        words=words("The camera and the microphone of this screen go on then."),
        acts=[
            Button(words=words("Yes, with picture"), icon="camera", intent=AskForVideo()),
            Button(words=words("No, I will write"), icon="write", intent=RefuseVideo()),
        ],
    )


def _video(context: PageContext, visit: QueueVisit) -> LinePage:
    """Return the page before and between calls: video never silently becomes text (Q5)."""
    words = context.words
    return LinePage(
        headline=words("{name} is serving you", name=visit.agent_name),
        words=words("{name} calls you on this screen.", name=visit.agent_name),
        lines=[visit.queue_name],
        acts=[Button(words=words("End"), icon="cancel", intent=AskToLeaveQueue())],
        back=_back(context),
    )


def _chat(context: PageContext, visit: QueueVisit) -> ChatPage:
    words, pages = context.words, context.state.queue_pages
    typing = pages.typing
    keyboard = Keyboard(
        text=typing.text,
        layout=typing.layout,
        group=typing.group,
        space=words("Space"),
        erase=words("Erase"),
        done=words("Send"),
    )
    own = context.state.queue
    is_asked = own.visit_id == visit.visit_id and own.wants_video
    return ChatPage(
        title=visit.agent_name,
        bubbles=[*_bubbles(context, visit)][-MOST_BUBBLES:],
        words=words("Write, or touch a ready answer."),
        replies=[Button(words=each, icon="message", intent=SendReply(each)) for each in visit.quick_replies],
        write=Button(
            words=words("Back") if pages.is_typing else words("Write"),
            icon="undo" if pages.is_typing else "write",
            intent=WriteMessage(),
        ),
        video=Button(
            words=words("Picture"),
            detail=words("Asked for") if is_asked else "",
            icon="camera",
            intent=AskForVideo(),
            on=is_asked,
        ),
        leave=Button(words=words("End"), icon="cancel", intent=AskToLeaveQueue()),
        keyboard=keyboard if pages.is_typing else None,
        more=words("Earlier"),
        fewer=words("Newer"),
    )


def _bubbles(context: PageContext, visit: QueueVisit) -> Iterator[Bubble]:
    """Yield the desk's messages in order, then those still being sent."""
    words = context.words
    for message in visit.messages:
        time = _time(context, message.sent_at)
        yield Bubble(
            name=f"{message.name} {time}".strip(), text=message.text, is_own=message.author == "customer"
        )
    if context.state.queue.visit_id == visit.visit_id:
        for sent in context.state.queue.sent:
            yield Bubble(name=words("Being sent"), text=sent.text, is_own=True)


def _end(context: PageContext, visit: QueueVisit) -> LinePage:
    words = context.words
    back = Button(words=words("Back"), icon="home", intent=CloseVisit(visit.visit_id))
    if visit.end == "closed":
        headline, hint = words("Service is closed"), words("Nobody is taken just now. Try again later.")
        return LinePage(headline=headline, words=hint, back=back)
    if visit.end == "away":
        hint = words("The screen had no link for too long. You can join again.")
        return LinePage(headline=words("You are no longer in line"), words=hint, back=back)
    is_rated = context.state.queue.rated == visit.visit_id
    return LinePage(
        headline=words("Thank you for your answer.") if is_rated else words("Was it good?"),
        words="",
        lines=list(_times(context, visit)),
        acts=[] if is_rated else _faces(context, visit),
        back=back,
    )


def _times(context: PageContext, visit: QueueVisit) -> Iterator[str]:
    """Yield the times of joining, waiting, service and end (Q7)."""
    words = context.words
    if visit.served_at is None:
        return
    waited = max(0, round((visit.served_at - visit.joined_at).total_seconds() / 60))
    yield words(
        "You joined at {time}, and waited {minutes} minutes.",
        time=_time(context, visit.joined_at),
        minutes=str(waited),
    )
    if visit.ended_at:
        begun, over = _time(context, visit.served_at), _time(context, visit.ended_at)
        yield words("The service was from {begun} to {over}.", begun=begun, over=over)


def _faces(context: PageContext, visit: QueueVisit) -> list[Button]:
    words = context.words
    return [
        Button(words=words("Good"), icon="face-good", intent=RateVisit(visit.visit_id, "good")),
        Button(words=words("So-so"), icon="face-fair", intent=RateVisit(visit.visit_id, "fair")),
        Button(words=words("Bad"), icon="face-bad", intent=RateVisit(visit.visit_id, "bad")),
    ]


def _leave_button(context: PageContext) -> Button:
    return Button(words=context.words("Leave the line"), icon="cancel", intent=AskToLeaveQueue())


def _back(context: PageContext) -> Button:
    return Button(words=context.words("Back"), icon="home", intent=OpenPage("home"))


def _time(context: PageContext, at: datetime) -> str:
    return context.words.time(at.astimezone(context.zone))
