"""What is known of a deal as text, for the log of what was written over. Pure."""

import datetime as dt
import json
import uuid
from typing import Any

from sales.deals import Known


def dump(state: Known, cause: uuid.UUID | None) -> str:
    """Return all that is known of a deal, and what wrote it last, as JSON."""
    return json.dumps(
        {
            "product_id": str(state.product_id),
            "opened_at": state.opened_at.isoformat(),
            "owners": {at.isoformat(): str(person) for at, person in state.owners.items()},
            "stages": {stage: at.isoformat() for stage, at in state.stages.items()},
            "outcome": state.outcome,
            "closed_at": state.closed_at.isoformat() if state.closed_at else None,
            "reason": state.reason,
            "amount": state.amount,
            "currency": state.currency,
            "cause": str(cause) if cause else None,
        }
    )


def load(text: str) -> tuple[Known, uuid.UUID | None]:
    """Return what `dump` was given."""
    kept: dict[str, Any] = json.loads(text)
    moment = dt.datetime.fromisoformat
    state = Known(
        product_id=uuid.UUID(kept["product_id"]),
        opened_at=moment(kept["opened_at"]),
        owners={moment(at): uuid.UUID(person) for at, person in kept["owners"].items()},
        stages={stage: moment(at) for stage, at in kept["stages"].items()},
        outcome=kept["outcome"],
        closed_at=moment(kept["closed_at"]) if kept["closed_at"] else None,
        reason=kept["reason"],
        amount=kept["amount"],
        currency=kept["currency"],
    )
    return state, uuid.UUID(kept["cause"]) if kept["cause"] else None
