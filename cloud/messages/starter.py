"""Predefined texts of a new organisation (M2)."""

from cloud.messages.models import MessageText
from cloud.organisations.models import Organisation

REMINDER, OTHER = MessageText.Kind.REMINDER, MessageText.Kind.OTHER
# Code, kind and description, then Finnish, Swedish, Danish, English.
STARTER = (
    (
        "appointment",
        REMINDER,
        "Tapaaminen · Besök · Aftale · Appointment",
        "Hei {first_name}. Sinulla on tapaaminen {date} klo {time}.",
        "Hej {first_name}. Du har ett besök {date} kl. {time}.",
        "Hej {first_name}. Du har en aftale {date} kl. {time}.",
        "Hello {first_name}. You have an appointment on {date} at {time}.",
    ),
    (
        "medicine",
        REMINDER,
        "Lääkkeet · Läkemedel · Medicin · Medicine",
        "Hei {first_name}. On aika ottaa lääkkeet.",
        "Hej {first_name}. Det är dags att ta medicinerna.",
        "Hej {first_name}. Det er tid til at tage medicinen.",
        "Hello {first_name}. It is time to take your medicine.",
    ),
    (
        "outing",
        REMINDER,
        "Lähtö · Avfärd · Afgang · Going out",
        "{first_name}, pian lähdetään. Pue lämpimästi.",
        "{first_name}, snart är det dags att gå. Klä dig varmt.",
        "{first_name}, snart skal du af sted. Tag varmt tøj på.",
        "{first_name}, it is nearly time to go out. Dress warmly.",
    ),
    (
        "cancelled",
        OTHER,
        "Peruutus · Inställt besök · Aflysning · Cancellation",
        "{first_name}, tapaaminen {date} klo {time} on peruttu. Sovimme uuden ajan.",
        "{first_name}, besöket {date} kl. {time} är inställt. Vi kommer överens om en ny tid.",
        "{first_name}, aftalen {date} kl. {time} er aflyst. Vi aftaler en ny tid.",
        "{first_name}, your appointment on {date} at {time} is cancelled. We will agree on a new time.",
    ),
    (
        "late",
        OTHER,
        "Myöhässä · Försenad · Forsinket · Late",
        "{first_name}, olemme tänään hieman myöhässä. Tulemme niin pian kuin voimme.",
        "{first_name}, vi är lite sena i dag. Vi kommer så snart vi kan.",
        "{first_name}, vi er lidt forsinkede i dag. Vi kommer, så snart vi kan.",
        "{first_name}, we are a little late today. We come as soon as we can.",
    ),
)


def add_starter_set(organisation: Organisation) -> None:
    """Add the texts to a top-level organisation: descendants use them."""
    for code, kind, description, fi, sv, da, en in STARTER:
        MessageText.objects.get_or_create(
            organisation=organisation,
            code=code,
            defaults={
                "kind": kind,
                "description": description,
                "body_fi": fi,
                "body_sv": sv,
                "body_da": da,
                "body_en": en,
            },
        )


def follow(instance: Organisation, *, created: bool, raw: bool = False, **_signal: object) -> None:
    """Add the texts whenever a top-level organisation is created."""
    if created and not raw and instance.parent_id is None:
        add_starter_set(instance)
