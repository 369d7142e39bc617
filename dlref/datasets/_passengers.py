"""Airline passengers a month: a real series with a trend and a season."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# A row a year from 1949, a column a month; thousands of passengers.
_TABLE = """
112 118 132 129 121 135 148 148 136 119 104 118
115 126 141 135 125 149 170 170 158 133 114 140
145 150 178 163 172 178 199 199 184 162 146 166
171 180 193 181 183 218 230 242 209 191 172 194
196 196 236 235 229 243 264 272 237 211 180 201
204 188 235 227 234 264 302 293 259 229 203 229
242 233 267 269 270 315 364 347 312 274 237 278
284 277 317 313 318 374 413 405 355 306 271 306
315 301 356 348 355 422 465 467 404 347 305 336
340 318 362 348 363 435 491 505 404 359 310 337
360 342 406 396 420 472 548 559 463 407 362 405
417 391 419 461 472 535 622 606 508 461 390 432
"""


def passengers() -> "pd.DataFrame":
    """International airline passengers a month, in thousands, from January 1949 to December 1960.

    The columns: `Month`, the first day of the month; `Passengers`, in thousands.

    Returns:
        A new DataFrame of 144 rows and 2 columns.

    Examples:
        >>> from dlref.datasets import passengers
        >>> table = passengers()
        >>> print(table.shape, table["Passengers"].median())
        (144, 2) 265.5
        >>> print(table.iloc[-1].astype(str).tolist())
        ['1960-12-01 00:00:00', '432']

    References:
        G. Box and G. Jenkins, "Time Series Analysis: Forecasting and Control", Holden-Day, 1970, series G; equal to
        `AirPassengers` in R. On the page: [Recurrent networks at work][dl-recurrent].
    """
    import pandas as pd

    counts = [int(count) for count in _TABLE.split()]
    return pd.DataFrame({"Month": pd.date_range("1949-01-01", periods=len(counts), freq="MS"), "Passengers": counts})
