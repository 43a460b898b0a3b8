"""The demo's customer service: two queues with predefined answers."""

from cloud.organisations.models import Organisation
from cloud.queue.models import Queue

REPLIES = {
    "fi": ["Kyllä", "Ei", "Kiitos", "En ymmärrä"],
    "sv": ["Ja", "Nej", "Tack", "Jag förstår inte"],
    "da": ["Ja", "Nej", "Tak", "Jeg forstår det ikke"],
    "en": ["Yes", "No", "Thank you", "I do not understand"],
}
QUEUES = {
    "Ruoka ja ostokset": ("Tervehdys", "Hyvää päivää, {customer}. Täällä {agent}. Miten voin auttaa?"),
    "Laite ja ruutu": ("Tervehdys", "Hei, {customer}. Täällä {agent}. Mikä ruudussa askarruttaa?"),
}


def open_queues(home: Organisation) -> None:
    """Create two queues that are always open; once only."""
    for name, (title, text) in QUEUES.items():
        queue, is_new = Queue.objects.get_or_create(organisation=home, name=name)
        if not is_new:
            continue
        queue.templates.create(title=title, text=text)
        for language, replies in REPLIES.items():
            for reply in replies:
                queue.quick_replies.create(language=language, text=reply)
