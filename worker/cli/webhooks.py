"""`figurewatch webhooks`: endpoints that are told of changes, by the Standard Webhooks specification."""

from __future__ import annotations

import asyncio
import os
import secrets
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from worker import clock
from worker import settings as settings_
from worker.cli import render
from worker.cli.looking import JsonOption, _json, open_here
from worker.core import urls, webhooks
from worker.core.wording import visible
from worker.errors import InputError
from worker.model import ChangeKind, DeliveryOutcome

if TYPE_CHECKING:
    from worker.model import Delivery, Endpoint, Reply
    from worker.settings import Settings

app = typer.Typer(
    help="Endpoints of consumers that are told of changes by signed requests (Standard Webhooks).",
    no_args_is_help=True,
)
USUAL = f"{ChangeKind.REVISION},{ChangeKind.RETRACTION}"
EVERY = "all"
EndpointId = Annotated[int, typer.Argument(metavar="ID", min=1, help="Its number, as `list` says.")]


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Where events are sent to by POST.")],
    kinds: Annotated[
        str, typer.Option(help=f"Kinds of changes, separated by commas: {', '.join(ChangeKind)}; or {EVERY}.")
    ] = USUAL,
    as_json: JsonOption = False,
) -> None:
    """Tell an endpoint of changes from now on. Its secret is printed here, and never again."""
    wanted, address = _kinds(kinds), _address(url)
    secret = webhooks.new_secret(secrets.token_bytes(webhooks.SECRET_BYTES))
    endpoint_id = open_here().endpoints.add(address, wanted, secret, clock.now())
    if address.startswith("http:"):
        typer.echo("http: what is sent is signed, and can be read on its way", err=True)
    _print_secret(endpoint_id, secret, as_json=as_json)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show all endpoints and how they are doing; no secrets."""
    found = open_here().endpoints.all()
    if as_json:
        for endpoint in found:
            print(_json(asdict(endpoint)))
        return
    console = render.console()
    for endpoint in found:
        console.print(_line(endpoint))
    if not found:
        console.print("no endpoints; `figurewatch webhooks add URL` adds one")


@app.command()
def remove(endpoint_id: EndpointId) -> None:
    """Forget an endpoint; it is told nothing more."""
    open_here().endpoints.remove(endpoint_id)
    print(f"endpoint {endpoint_id} is removed")


@app.command("test")
def send_test(endpoint_id: EndpointId, as_json: JsonOption = False) -> None:
    """Send an event of the type webhook.test now, once; exit status 1 when it is not taken."""
    url, secret = open_here().endpoints.secret(endpoint_id)
    event_id, now = f"msg_test_{secrets.token_hex(12)}", clock.now()
    content = webhooks.payload(webhooks.TEST_TYPE, now, {"endpoint_id": endpoint_id})
    headers = webhooks.headers(event_id, content, [secret], now)
    reply = asyncio.run(_post(settings_.load(os.environ), url, content, headers))
    outcome = webhooks.classify(reply)
    taken = outcome is DeliveryOutcome.DELIVERED
    detail = f"HTTP {reply.status}" if taken else webhooks.describe(reply)
    if as_json:
        told = {"event_id": event_id, "outcome": outcome, "status": reply.status, "detail": detail}
        print(_json(told | {"seconds": round(reply.seconds, 3)}))
    else:
        print(f"{outcome} in {reply.seconds:.2f} s ({detail})")
    if not taken:
        raise typer.Exit(1)


@app.command()
def rotate(
    endpoint_id: EndpointId,
    overlap: Annotated[float, typer.Option(min=0, help="Hours for which the old secret signs too.")] = 24.0,
    as_json: JsonOption = False,
) -> None:
    """Give an endpoint a new secret, printed here and never again; the old one signs beside it for a while."""
    secret = webhooks.new_secret(secrets.token_bytes(webhooks.SECRET_BYTES))
    open_here().endpoints.rotate(endpoint_id, secret, clock.now() + timedelta(hours=overlap))
    _print_secret(endpoint_id, secret, as_json=as_json)


@app.command()
def deliveries(
    endpoint_id: EndpointId,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 20,
    failed: Annotated[bool, typer.Option("--failed", help="Only what was not taken.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what an endpoint was told, the latest change first, with what it said."""
    found = open_here().endpoints.deliveries(endpoint_id, limit, failed=failed)
    if as_json:
        for each in found:
            print(_json(asdict(each)))
        return
    console = render.console()
    for each in found:
        console.print(_delivery(each))
    if not found:
        console.print("nothing failed" if failed else "nothing delivered yet")


@app.command()
def retry(
    endpoint_id: EndpointId,
    after: Annotated[
        int | None,
        typer.Option(min=0, help="Go on behind this position of the change feed: again from there, or past a failure."),
    ] = None,
) -> None:
    """Try an endpoint at once and with all attempts, also a disabled one. What is sent again keeps its id."""
    open_here().endpoints.retry(endpoint_id, clock.now(), after)
    print(f"endpoint {endpoint_id} will be tried at once")


def _kinds(words: str) -> tuple[ChangeKind, ...]:
    given = [*ChangeKind] if words.strip() == EVERY else [word.strip() for word in words.split(",")]
    if unknown := [word for word in given if word not in list(ChangeKind)]:
        raise InputError(f"{unknown[0]!r} is no kind of change; kinds are {', '.join(ChangeKind)}, or {EVERY}")
    return tuple(dict.fromkeys(map(ChangeKind, given)))


def _address(url: str) -> str:
    """The URL as it will be asked. Raises InputError for one that the gate would refuse for what it says."""
    from worker.net.addresses import AllowNetworks, refusal_unresolved

    address = urls.parse(url)
    if address is None:
        raise InputError(f"{url!r} is not a URL that can be asked: http or https, without a user name")
    allowed = AllowNetworks.parse(settings_.load(os.environ).allow_networks)
    if why := refusal_unresolved(address.host, address.port, allowed):
        raise InputError(f"{url} would be refused: {why} (see FIGUREWATCH_ALLOW_NETWORKS)")
    return str(address)


async def _post(settings: Settings, url: str, content: bytes, headers: dict[str, str]) -> Reply:
    from worker import gate

    async with gate.fetcher(settings) as sender:
        return await sender.post(url, content, headers, first=webhooks.LONGEST_REPLY)


def _print_secret(endpoint_id: int, secret: str, *, as_json: bool) -> None:
    if as_json:
        print(_json({"endpoint_id": endpoint_id, "secret": secret}))
        return
    print(f"endpoint {endpoint_id}\nsecret {secret}")
    typer.echo("Keep the secret: it is not shown again.", err=True)


def _line(endpoint: Endpoint) -> Text:
    style, state = _state(endpoint)
    return Text.assemble(
        (f"{endpoint.endpoint_id}  ", "bold"),
        visible(endpoint.url),
        (f"\n  {', '.join(endpoint.kinds)}; at position {endpoint.position}, {endpoint.waiting} waiting\n  ", "dim"),
        (visible(state), style),
    )


def _state(endpoint: Endpoint) -> tuple[str, str]:
    if endpoint.disabled is not None:
        return "red", f"disabled: {endpoint.disabled}"
    if endpoint.failing_since is not None:
        when = f"{endpoint.failing_since:%Y-%m-%d %H:%M:%S} UTC, next attempt {endpoint.next_attempt_at:%m-%d %H:%M:%S}"
        return "yellow", f"failing since {when} ({endpoint.failures} attempts; {endpoint.last_detail})"
    if endpoint.last_delivered_at is None:
        return "dim", "nothing delivered yet"
    return "green", f"last delivered {endpoint.last_delivered_at:%Y-%m-%d %H:%M:%S} UTC"


def _delivery(each: Delivery) -> Text:
    outcome: Any = each.outcome or "under way"
    tried = f"  {each.attempts} attempts" if each.attempts > 1 else ""
    return Text.assemble(
        (f"{each.at:%Y-%m-%d %H:%M:%S}  ", "dim"),
        (f"{each.position}  {each.kind}  article {each.article_id}  ", ""),
        (str(outcome), "green" if outcome == DeliveryOutcome.DELIVERED else "red"),
        (f"{tried}  {each.event_id}", "dim"),
        (f"\n  {visible(each.detail)}" if each.detail else "", "red"),
    )
