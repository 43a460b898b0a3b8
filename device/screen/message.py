"""A message that takes the screen: its words, and how it can be answered (M1, K6)."""

from device.rules.messages import shown_message
from device.screen.scene import Scene
from device.window_protocol.intents import AnswerMessage, ReadAloud
from device.window_protocol.model import Button, LinePage


def message_page(scene: Scene) -> LinePage | None:
    """The message that has the screen, until it is answered."""
    kept = shown_message(scene.state)
    if kept is None:
        return None
    message, words = kept.message, scene.words
    if message.asks_confirmation:
        answer = Button(
            words=words("I have taken them"), icon="check", intent=AnswerMessage(message.id, "taken")
        )
    else:
        answer = Button(words=words("OK"), icon="check", intent=AnswerMessage(message.id, "ok"))
    later = Button(words=words("In 10 minutes"), icon="clock", intent=AnswerMessage(message.id, "later"))
    read = Button(words=words("Read aloud"), icon="read-aloud", intent=ReadAloud(message.id))
    return LinePage(
        headline=message.title,
        words=message.body,
        lines=[message.about] if message.about else [],
        acts=[answer, read] if scene.view.speak_on_touch else [answer],
        back=later,
    )
