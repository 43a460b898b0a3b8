"""A reminder on the whole screen: what, when and where, and how to answer (M3, K6)."""

from device.rules.reminders import can_be_put_off
from device.rules.state import PlannedReminder
from device.screen.scene import Scene
from device.window_protocol.intents import AnswerReminder
from device.window_protocol.model import Button, ReminderPage


def reminder_page(scene: Scene) -> ReminderPage | None:
    """The reminder that waits for an answer; None where there is none."""
    reminder = scene.state.reminders.shown
    if reminder is None:
        return None
    words = scene.words
    return ReminderPage(
        title=words("Reminder"),
        headline=reminder.title or words("Appointment"),
        lines=[line for line in (_when(scene, reminder), reminder.place) if line],
        buttons=_answers(scene, reminder),
    )


def _when(scene: Scene, reminder: PlannedReminder) -> str:
    words, starts = scene.words, reminder.starts.astimezone(scene.zone)
    days = (starts.date() - scene.today).days
    if days not in (0, 1):
        return words.date(starts) if reminder.all_day else f"{words.date(starts)}, {words.time(starts)}"
    if reminder.all_day:
        return words("Today") if days == 0 else words("Tomorrow")
    if days == 0:
        return words("Today at {time}", time=words.time(starts))
    return words("Tomorrow at {time}", time=words.time(starts))


def _answers(scene: Scene, reminder: PlannedReminder) -> list[Button]:
    words, key = scene.words, reminder.key
    done = Button(words=words("OK"), icon="check", intent=AnswerReminder(key, "read"))
    if reminder.must_confirm:
        done = Button(words=words("I confirm this"), icon="check", intent=AnswerReminder(key, "confirmed"))
    if not can_be_put_off(reminder, scene.now):
        return [done]
    later = Button(words=words("Remind me in 10 minutes"), icon="clock", intent=AnswerReminder(key, "later"))
    return [done, later]
