"""How often somebody may ask: by his key, and for who shows no key that works by the address he comes from."""

import ipaddress
import math
import re
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from limits import RateLimitItem, parse
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter

from api.access import Caller
from api.errors import BadRate, TooManyRequests

RATE = "60/minute"
READING = 20  # times as many requests as questions
WRONG_KEYS = "20/minute"
WITHOUT_KEY = "200/minute"
MOST_PLACES = 2_000  # keys or addresses that are remembered at a time
_FORM = re.compile(r"([1-9][0-9]{0,3})/(second|minute|hour|day)")
_IPV6_NETWORK = 64  # bits: what one subscriber has, so that he cannot take a new address for every request


def checked_rate(text: str) -> str:
    """The rate, as in "60/minute". Raises BadRate for any other form, and for more than 9999."""
    if not _FORM.fullmatch(text):
        raise BadRate(text)
    return text


class Limits:
    """Counts requests in windows that move along. It remembers a limited number of keys and addresses."""

    def __init__(self, rate: str = RATE, *, clock: Callable[[], float] = time.time) -> None:
        self._rate = checked_rate(rate)
        self._clock = clock
        # Apart, so that whoever has many addresses pushes no key out.
        self._keys = MovingWindowRateLimiter(_Windows(MOST_PLACES, clock))
        self._addresses = MovingWindowRateLimiter(_Windows(MOST_PLACES, clock))

    def asks(self, caller: Caller) -> None:
        """Counts a question or a search. Raises TooManyRequests."""
        if caller.bucket:
            self._count(self._keys, parse(caller.rate or self._rate), "asks", caller.bucket)

    def comes(self, caller: Caller) -> None:
        """Counts a request of any kind. Raises TooManyRequests."""
        if caller.bucket:
            own = parse(caller.rate or self._rate)
            self._count(self._keys, type(own)(own.amount * READING, own.multiples), "comes", caller.bucket)

    def fails(self, address: str, *, wrong: bool) -> None:
        """Counts a request without a key that works; `wrong` says that it had one. Raises TooManyRequests."""
        rate = WRONG_KEYS if wrong else WITHOUT_KEY
        self._count(self._addresses, parse(rate), "wrong" if wrong else "without", place_of(address))

    def _count(self, limiter: MovingWindowRateLimiter, rate: RateLimitItem, *place: str) -> None:
        if not limiter.hit(rate, *place):
            wait = limiter.get_window_stats(rate, *place).reset_time - self._clock()
            raise TooManyRequests(max(1, math.ceil(wait)))


class _Windows(Storage, MovingWindowSupport):
    """The moments of the last requests of each place, the least recent of the places let go of when there are many.

    The library's own store in memory never lets go of a place, and starts a thread at each request.
    """

    STORAGE_SCHEME = None

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        super().__init__()
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors of the store, of which there are none."""
        return ValueError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether so many more fit within the window; counted if they do."""
        with self._lock:
            now = self._clock()
            moments = self._recent(key, now - expiry)
            if len(moments) + amount > limit:
                return False
            moments.extend([now] * amount)
            self._moments[key] = moments
            self._moments.move_to_end(key)
            while len(self._moments) > self._most:
                self._moments.popitem(last=False)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """The oldest moment within the window, and how many there are in it."""
        with self._lock:
            now = self._clock()
            moments = self._recent(key, now - expiry)
            return (moments[0] if moments else now), len(moments)

    def _recent(self, key: str, since: float) -> deque[float]:
        moments = self._moments.get(key, deque())
        while moments and moments[0] <= since:
            moments.popleft()
        return moments

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Of another strategy than the one used here."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """How many moments there are of a place."""
        return len(self._moments.get(key, ()))

    def get_expiry(self, key: str) -> float:
        """Of another strategy than the one used here."""
        raise NotImplementedError

    def check(self) -> bool:
        """That the store works."""
        return True

    def reset(self) -> int:
        """How many places there were; none from now on."""
        with self._lock:
            count = len(self._moments)
            self._moments.clear()
            return count

    def clear(self, key: str) -> None:
        """Lets go of a place."""
        with self._lock:
            self._moments.pop(key, None)


def place_of(address: str) -> str:
    """The address or network that requests are counted under."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "elsewhere"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _IPV6_NETWORK), strict=False))
    return str(found)
