"""Programs that the walk must read as the slow reference does: (text, family, values of its statics and sizes)."""

from __future__ import annotations

TEXT = """
alphabet Sigma = {"a", "b", "c"}
let gcd(a, b) = if b == 0 then a else gcd(b, a % b)
let fib(n) = if n < 2 then n else fib(n - 1) + fib(n - 2)
let digits(n) = if n == 0 then [] else [bit(n, i) for i < bits(n)]
let W = [[1, -2, 0], [3, 0, 5]]

family parity(x: bit[n]) -> bit = SUM(x) % 2
family odd_count(x: bit[n]) -> bit = OR(exactly[2*j + 1](x) for j < (n + 1) // 2)
family exactly[k](x: bit[n]) -> bit = THR[k](x) & !THR[k + 1](x)
family add(a: bit[n], b: bit[n]) -> bit[n + 1] {
    let c[k <= n] = SUM(2**i * (a[i] + b[i]) for i < k) // 2**k
    return [bit(if k < n then a[k] + b[k] + c[k] - 2 * c[k + 1] else c[n]) for k <= n]
}
family itadd(x: bit[m, w]) -> bit[w] {
    let c[k <= w] = SUM(2**i * x[j, i] for j < m, i < k) // 2**k
    return [bit(SUM(x[j, k] for j < m) + c[k] - 2 * c[k + 1]) for k < w]
}
family xor_tree(x: bit[n]) -> bit where n >= 1 =
    if n == 1 then x[0]
    else xor_tree(x[0..n // 2]) ^ xor_tree(x[n // 2..n])
family xor_halves(x: bit[n]) -> bit where n >= 1 =
    if n == 1 then x[0] else if n == 2 then x[0] ^ x[1] else xor_halves(xor_halves(if k == 0 then x[0..n // 2] else x[n // 2..n]) for k < 2)
family square(m: bit[n, n]) -> bit[n, n] = [OR(m[i, k] & m[k, j] for k < n) for i < n, j < n]
family closure(a: bit[n, n]) -> bit[n, n] {
    let start[i < n, j < n] = if i == j then 1 else a[i, j]
    return fold m = start for t < clog2(n) yield square(m)
}
family cla(a: bit[n], b: bit[n]) -> bit[n + 1] {
    let g[i < n] = a[i] & b[i]
    let p[i < n] = a[i] | b[i]
    let c[i <= n] = OR(g[j] & AND(p[k] for k in j + 1 .. i) for j < i)
    return [if i < n then a[i] ^ b[i] ^ c[i] else c[n] for i <= n]
}
family triangle(x: bit[n]) -> bit = OR(x[i] & x[j] for i < n, j < i)
family guarded(x: bit[n]) -> bit[n] = [MAJ(x[i] for i < n if bit(i, k % 2) == 1) for k < n]
family guard2(x: bit[n]) -> bit = OR(x[i] & x[j] for i < n, j < n if i != j and (i + j) % 3 == 0)
family ragged_sum(x: bit[n]) -> bit[n] = [SUM(x[j] * (j - i) for j < i) >= i - 2 for i < n]
family rows(m: bit[k, n]) -> bit[k] = [MAJ(m[k - 1 - i]) for i < k]
family columns(m: bit[k, n]) -> bit[n] = [MAJ(m[i, j] for i < k) for j < n]
family slices(m: bit[k, n]) -> bit[k] where n >= 2 = [OR(m[0..i + 1, i % 2..n]) for i < k]
family prefix(x: bit[n]) -> bit[n] {
    let p[i < n, j < n] = if j <= i then x[j] else 0
    return [OR(p[i]) for i < n]
}
family gcds(x: bit[n]) -> bit = SUM(gcd(i, n) * x[i] for i < n) >= n
family fibs(x: bit[n]) -> bit = SUM((if i % 2 == 0 then fib(i) else -fib(i)) * x[i] for i < n) > 0
family weights(x: bit[3]) -> bit[2] = [SUM(W[i, j] * x[j] for j < 3) >= 1 for i < 2]
family general[V: integer[m, n]](x: bit[n]) -> bit[m] = [SUM(V[i, j] * x[j] for j < n) >= 1 for i < m]
family choice[g: (bit[n]) -> bit](x: bit[n]) -> bit where n >= 1 = g(x) & x[0]
family chosen(x: bit[n]) -> bit[n] where n >= 1 = [choice[g = exactly[i]](x) for i < n]
family mixed(x: bit[n]) -> bit[n] where n >= 1 = [choice[g = if i % 2 == 0 then exactly[i] else parity](x) for i < n]
family mux(c: bit, a: bit[w], b: bit[w]) -> bit[w] = if c then a else b
family muxes(c: bit[n], a: bit[n, w]) -> bit[n, w] = [if c[i] then a[i] else a[n - 1 - i] for i < n]
family same_bits(a: bit[n], b: bit[n]) -> bit[2] = [a == b, a != b]
family opens(w: Sigma[n]) -> bit = 2 * SUM(w[i] == "a" for i < n) > n
family letters(w: Sigma[n]) -> bit[n] = [if i % 2 == 0 then w[i] == "b" else w[i] != "c" for i < n]
family codes(w: Sigma[n]) -> bit[n] = [w[i] == Sigma[i % 3] for i < n]
family spell(c: bit) -> Sigma[3] = if c then "abc" else "cab"
family equal_words(u: Sigma[n], v: Sigma[n]) -> bit = u == v
family rotate(w: Sigma[n]) -> Sigma[n] = [w[(i + 1) % n] for i < n]
family weighted(x: bit[3]) -> bit = 2*x[0] - x[1] - x[2] >= 1
family sums(x: bit[n]) -> bit[4] = [SUM(x) == 2, SUM(x) != 2, SUM(x) < 2, SUM(x) <= 2]
family below(x: bit[n], y: bit[n]) -> bit = (SUM(x) - SUM(y)) // 2 >= 0
family negative(x: bit[n], y: bit[n]) -> bit[3] = [(SUM(x) - 2 * SUM(y)) % 3 == i for i < 3]
family moduli(x: bit[n]) -> bit[n] = [(SUM(x) // (i + 1)) % 2 for i < n]
family nested(x: bit[n]) -> bit = ((3 * SUM(x) + 1) // 2 % 5 - SUM(x) // 3) % 2
family and_forms(x: bit[n], y: bit) -> bit = AND(SUM(x) % 2, y)
family nor(x: bit[n]) -> bit = AND(1 - x[i] for i < n)
family half_nor(x: bit[n]) -> bit[3] = [OR(if i % 2 == 0 then 1 - x[i] else x[i] for i < n), MAJ(1 - x[i] for i < n), AND(SUM(x[j] for j <= i) % 2 for i < n)]
family not_form(x: bit[n]) -> bit[2] where n >= 1 = [!(SUM(x) % 2), !(1 - x[0])]
family threshold_forms(x: bit[n]) -> bit[2] = [THR[2](i * x[i] for i < n), THR[n // 2](x)]
family tight(x: bit[n], y: bit[n]) -> bit = within(SUM(x) - SUM(y), -n, n + 2) >= 0
family mods(x: bit[n]) -> bit[5] = [MOD[i + 1, i](x) for i < 5]
family gates0(x: bit[n]) -> bit[5] = [AND(x), OR(x), MAJ(x), THR[0](x), MOD[2](x)]
family with_constants(x: bit[n]) -> bit[3] = [AND(x[0], 1), OR(x[0], 0, x[0]), MAJ(1, 0, x[0])]
family fold_ragged(x: bit[n]) -> bit[n] = [fold s = x[i] for t < i yield s ^ x[t] for i < n]
family fold_form(x: bit[n]) -> bit = (fold s = within(0, 0, 3) for t < n yield (s + x[t]) % 4) >= 2
family fold_forms(x: bit[n]) -> bit[2] = [(fold s = [within(0, 0, 1), within(1, 0, 1)] for t < n yield [s[1], within(s[0] + x[t], 0, 2) % 2])[i] for i < 2]
family form_parameter(x: form(0, 5)) -> form(0, 2) = x // 2
family calls_forms(x: bit[5]) -> bit = form_parameter(SUM(x)) >= 1
family array_of_forms(s: form(0, 3)[n]) -> form(0, 1)[n] = [s[i] // 2 for i < n]
family uses_forms(x: bit[3, n]) -> bit[n] = array_of_forms(SUM(x[i, j] for i < 3) for j < n)
family last_prefix(x: bit[n]) -> bit where n >= 1 = fold s = x[0] for t < n - 1 yield s ^ x[t + 1]
family half(x: bit[2*n]) -> bit[n] = x[n..2 * n]
family halves(x: bit[2*n]) -> bit[n] = [half(x[i..i + 2])[0] for i < n]
family sizes_differ(x: bit[n]) -> bit[n] = [OR(twist(x[0..i])) for i < n]
family twist(x: bit[n]) -> bit[n + 1] = [if i < n then !x[i] else 1 for i <= n]
family deep(x: bit[n]) -> bit = if n == 0 then 0 else x[0] ^ deep(x[1..n])
family ack[m](x: bit[n]) -> bit = if m == 0 then MAJ(x) else if n == 0 then ack[m - 1](x) else ack[m](x[1..n]) & ack[m - 1](x)
family even_(x: bit[n]) -> bit = if n == 0 then 1 else odd_(x[1..n]) & x[0]
family odd_(x: bit[n]) -> bit = if n == 0 then 0 else even_(x[0..n - 1]) | x[n - 1]
family base3(x: bit[n]) -> bit = SUM(3**i * x[i] for i < n) >= 3**(n - 1)
family big(a: bit[n], b: bit[n]) -> bit = SUM(2**i * a[i] for i < n) > SUM(2**i * b[i] for i < n)
family ladder(x: bit[n]) -> bit[n] = [if i == 0 then x[0] else if i == 1 then !x[1] else if i % 2 == 0 then x[i] & x[i - 1] else MAJ(x[0..i]) for i < n]
family shapes(x: bit[n]) -> bit[n] = [OR(if i % 2 == 0 then x[0..i] else x[i..n]) for i < n]
family matrix(x: bit[n]) -> bit[n, 2, 2] = [[[x[i], 1], [!x[i], x[n - 1 - i]]] for i < n]
family items(x: bit[n]) -> bit[3, n] = [x, [!x[i] for i < n], x]
table family tab(a: bit[3]) -> bit[2] = [MAJ(a), a[0] ^ a[2]]
table family tabk[k](a: bit[n]) -> bit[n] = [SUM(a) >= k + i for i < n]
table family tabs(u: Sigma, v: Sigma) -> Sigma = if u == v then "a" else if u == "a" then "b" else v
family uses_tables(x: bit[n]) -> bit[n - 2] where n >= 3 = [tab(x[i..i + 3])[0] & tabk[i](x[0..3])[1] for i < n - 2]
family uses_sized(x: bit[n]) -> bit[n] = [OR(tabk[i](x[0..i + 1])) for i < n]
family maps(w: Sigma[n]) -> Sigma[n] where n >= 1 = [tabs(w[i], w[0]) for i < n]
family plus(a: uint(w), b: uint(w)) -> uint(w + 1) = a + b
family minus(a: uint(v), b: int(w)) -> int(max(v + 1, w) + 1) = a - b
family compare_words(a: uint(v), b: uint(w)) -> bit[4] = [a > b, a == b, a != b, a <= b]
family compare_ints(a: int(v), b: int(w)) -> bit[3] = [a > b, a == b, value(a) + value(b) > 2]
family counted(x: bit[n]) -> uint(bits(n)) = COUNT(x)
family word_bits(a: uint(w)) -> bit[w] = [a.bits[w - 1 - i] for i < w]
family resized(a: uint(v), b: int(v)) -> bit = uint(v + 2)(a) == uint(v + 2)(uint(v)(b.bits))
family signed_(b: int(v)) -> int(v + 3) = int(v + 3)(b)
family words(a: uint(w)[n]) -> uint(w)[n] = [if i % 2 == 0 then a[i] else uint(w)(0) for i < n]
family values_(a: uint(w)[n]) -> bit = SUM(value(a[i]) for i < n) >= 2**w
family growing(x: bit[n]) -> bit[n] = [value(uint(i)(x[0..i])) % 3 == 1 for i < n]
family constants_(a: uint(4)) -> bit[3] = [a > 9, a == 3, 5 >= a]
family word_choice(c: bit, a: uint(w)) -> uint(w) where w >= 2 = if c then a else 3
family static_words(x: bit[n]) -> uint(4)[n] = [uint(4)(3 * i % 16) for i < n]
"""

CASES: list[tuple[str, dict[str, object]]] = [
    *[("parity", {"n": n}) for n in (0, 1, 2, 7)],
    *[("odd_count", {"n": n}) for n in (0, 1, 5)],
    *[("add", {"n": n}) for n in (0, 1, 4, 70)],
    *[("itadd", {"m": m, "w": w}) for m, w in ((1, 1), (3, 2), (5, 4))],
    *[("xor_tree", {"n": n}) for n in (1, 2, 5, 8)],
    *[("xor_halves", {"n": n}) for n in (1, 2, 3, 7, 12)],
    *[("closure", {"n": n}) for n in (1, 2, 4)],
    *[("cla", {"n": n}) for n in (0, 1, 2, 5)],
    *[(name, {"n": n}) for name in ("triangle", "guarded", "guard2", "ragged_sum", "prefix") for n in (0, 1, 2, 5)],
    *[(name, {"k": k, "n": n}) for name in ("rows", "columns", "slices") for k, n in ((1, 2), (3, 4), (0, 3), (4, 2))],
    *[(name, {"n": n}) for name in ("gcds", "fibs", "chosen", "mixed") for n in (1, 2, 6)],
    ("weights", {}),
    ("general", {"V": ((1, -1), (-1, 1), (0, 2))}),
    ("mux", {"w": 0}),
    ("mux", {"w": 3}),
    ("muxes", {"n": 3, "w": 2}),
    ("same_bits", {"n": 0}),
    ("same_bits", {"n": 3}),
    *[(name, {"n": n}) for name in ("opens", "letters", "codes") for n in (0, 1, 4)],
    ("spell", {}),
    ("equal_words", {"n": 2}),
    ("rotate", {"n": 3}),
    ("weighted", {}),
    *[
        (name, {"n": n})
        for name in ("sums", "below", "negative", "moduli", "nested", "and_forms", "nor", "half_nor")
        for n in (0, 1, 2, 5)
    ],
    *[(name, {"n": n}) for name in ("not_form", "threshold_forms", "tight", "mods", "gates0") for n in (1, 4)],
    ("with_constants", {"n": 1}),
    *[(name, {"n": n}) for name in ("fold_ragged", "fold_form", "fold_forms") for n in (0, 1, 4)],
    ("calls_forms", {}),
    ("uses_forms", {"n": 3}),
    *[(name, {"n": n}) for name in ("last_prefix", "halves", "sizes_differ", "deep") for n in (1, 4)],
    ("ack", {"m": 2, "n": 3}),
    ("even_", {"n": 5}),
    ("base3", {"n": 45}),
    ("big", {"n": 70}),
    *[(name, {"n": n}) for name in ("ladder", "shapes", "matrix", "items") for n in (0, 1, 5)],
    ("tab", {}),
    ("tabk", {"k": 1, "n": 3}),
    ("tabs", {}),
    ("uses_tables", {"n": 5}),
    ("uses_sized", {"n": 4}),
    ("maps", {"n": 3}),
    *[("plus", {"w": w}) for w in (0, 1, 4)],
    ("minus", {"v": 3, "w": 2}),
    *[("compare_words", {"v": v, "w": w}) for v, w in ((3, 3), (0, 2), (4, 2))],
    ("compare_ints", {"v": 3, "w": 2}),
    *[("counted", {"n": n}) for n in (0, 1, 6)],
    ("word_bits", {"w": 4}),
    ("resized", {"v": 3}),
    *[("signed_", {"v": v}) for v in (0, 1, 3)],
    *[(name, {"w": w, "n": n}) for name in ("words", "values_") for w, n in ((2, 3), (0, 2), (3, 0))],
    ("growing", {"n": 5}),
    ("constants_", {}),
    ("word_choice", {"w": 3}),
    ("static_words", {"n": 5}),
]
