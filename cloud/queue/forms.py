"""Forms of queues, and of an agent's sign-in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import PlainForm, RowForm, offer
from cloud.base.languages import LANGUAGES
from cloud.base.opening_hours import WeekFields
from cloud.organisations.models import User
from cloud.queue.common import MOST_REPLIES
from cloud.queue.models import Queue

LONGEST_REPLY = 100
MOST_TEMPLATES = 50


class SignInForm(PlainForm, forms.Form):
    """The name that customers see, and the queues to serve (Q1)."""

    display_name = forms.CharField(label=_("The customers see this name"), max_length=60)
    queues = forms.ModelMultipleChoiceField(
        label=_("Queues"), queryset=Queue.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["queues"], Queue.objects.visible_to(user))


class QueueForm(WeekFields, RowForm[Queue]):
    """A queue: name, hours, limits, quick replies and templates."""

    languages = forms.MultipleChoiceField(
        label=_("languages"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple, required=False
    )
    templates = forms.CharField(
        label=_("templates"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("One a line, as Title: text. {customer}, {agent} and {queue} are filled in."),
    )

    class Meta:
        model = Queue
        fields = [
            "name",
            "by_text",
            "by_video",
            "is_closed",
            "most_chats",
            "grace_s",
            "call_back_after_min",
            "idle_after_min",
            "kept_days",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].initial = self.instance.languages
        for code, name in LANGUAGES:
            self.fields[f"replies_{code}"] = forms.CharField(
                label=_("quick replies, %(language)s") % {"language": name},
                required=False,
                widget=forms.Textarea({"rows": 3}),
                initial=self._replies(code),
            )
        if self.instance.pk:
            rows = self.instance.templates.all()
            self.fields["templates"].initial = "\n".join(f"{row.title}: {row.text}" for row in rows)
        self.add_week(self.instance.hours)

    def basics(self) -> list[forms.BoundField]:
        """Return the fields for name, channels and limits."""
        return [self[name] for name in self.Meta.fields]

    def ready_words(self) -> list[forms.BoundField]:
        """Return the fields for quick replies and templates."""
        return [*(self[f"replies_{code}"] for code, _name in LANGUAGES), self["templates"]]

    def clean(self) -> dict[str, Any] | None:
        """Combine the week and the predefined texts."""
        cleaned = super().clean()
        if not self.cleaned_data.get("by_text") and not self.cleaned_data.get("by_video"):
            self.add_error("by_text", ValidationError(_("A queue serves by text, by video, or by both.")))
        self.instance.hours = self.clean_week()
        self.instance.languages = self.cleaned_data.get("languages", [])
        for code, _name in LANGUAGES:
            lines = _lines(self.cleaned_data.get(f"replies_{code}"))
            if len(lines) > MOST_REPLIES or any(len(line) > LONGEST_REPLY for line in lines):
                words = _("At most 8 replies of at most 100 characters, one a line.")
                self.add_error(f"replies_{code}", ValidationError(words))
        if any(":" not in line for line in _lines(self.cleaned_data.get("templates"))[:MOST_TEMPLATES]):
            self.add_error("templates", ValidationError(_("Each line needs a title, a colon, and the text.")))
        return cleaned

    def save_all(self) -> Queue:
        """Save the queue with its replies and templates."""
        queue = self.save()
        queue.quick_replies.all().delete()
        for code, _name in LANGUAGES:
            for text in _lines(self.cleaned_data[f"replies_{code}"]):
                queue.quick_replies.create(language=code, text=text)
        queue.templates.all().delete()
        for each in _lines(self.cleaned_data["templates"])[:MOST_TEMPLATES]:
            title, text = each.split(":", 1)
            queue.templates.create(title=title.strip()[:60], text=text.strip()[:1000])
        return queue

    def _replies(self, language: str) -> str:
        if not self.instance.pk:
            return ""
        return "\n".join(reply.text for reply in self.instance.quick_replies.filter(language=language))


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
