"""Polynomials over atoms as LaTeX."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from tc0.dsl.symbolic.polynomial import Polynomial, Symbol


def latex(p: Polynomial) -> str:
    """`\\frac{n^{2} + n}{2}`, without dollar signs."""
    if not p.terms:
        return "0"
    denominator = lcm(*(Fraction(c).denominator for c in p.terms.values()))
    ordered = sorted(p.terms.items(), key=lambda term: (-sum(e for _, e in term[0]), term[0]))
    text = ""
    for monomial, coefficient in ordered:
        whole = int(coefficient * denominator)
        factors = " ".join(_factor(symbol, exponent) for symbol, exponent in monomial)
        size = abs(whole)
        body = factors if size == 1 and factors else f"{size} {factors}".strip()
        sign = "-" if whole < 0 else "+"
        text += f" {sign} {body}" if text else body if whole > 0 else f"-{body}"
    return text if denominator == 1 else f"\\frac{{{text}}}{{{denominator}}}"


def _factor(symbol: Symbol, exponent: int) -> str:
    base = _symbol(symbol)
    if exponent == 1:
        return base
    return f"{{{base}}}^{{{exponent}}}" if symbol.is_name else f"\\left({base}\\right)^{{{exponent}}}"


def _symbol(symbol: Symbol) -> str:
    a = [latex(argument) for argument in symbol.arguments]
    match symbol.kind:
        case "name":
            return symbol.text if len(symbol.text) == 1 else f"\\mathit{{{symbol.text}}}".replace("_", "\\_")
        case "floor":
            return f"\\left\\lfloor \\frac{{{a[0]}}}{{{a[1]}}} \\right\\rfloor"
        case "ceiling":
            return f"\\left\\lceil \\frac{{{a[0]}}}{{{a[1]}}} \\right\\rceil"
        case "clog2":
            return f"\\lceil \\log_2 ({a[0]}) \\rceil"
        case "power":
            return f"2^{{{a[0]}}}"
        case "exponential":
            return f"{a[0]}^{{{a[1]}}}"
        case "isqrt":
            return f"\\lfloor \\sqrt{{{a[0]}}} \\rfloor"
        case "ones":
            return f"\\mathrm{{ones}}({a[0]})"
        case _:
            name = (
                symbol.kind.replace("_", "\\_")
                if symbol.kind != "opaque"
                else symbol.text.split("(", 1)[0].replace("_", "\\_")
            )
            return f"\\mathrm{{{name}}}({', '.join(a)})"
