"""Families that call themselves, for the tests of the connection reading."""

PROGRAM = """
family halves(x: bit[n]) -> bit where n >= 1 =
    if n == 1 then x[0] else halves(x[0..n // 2]) ^ halves(x[n // 2..n])
family uneven(x: bit[n]) -> bit where n >= 1 =
    if n == 1 then x[0] else MAJ(uneven(x[0..(n + 2) // 3]), uneven(x[(n + 2) // 3..n]), x[n // 2])
family two_at_once(x: bit[n]) -> bit where n >= 1 {
    let h[k < 2] = if n == 1 then x[0] else two_at_once(if k == 0 then x[0..n // 2] else x[n // 2..n])
    return if n == 1 then x[0] else h[0] ^ h[1]
}
family at_once(x: bit[n]) -> bit where n >= 1 =
    if n == 1 then x[0] else OR(at_once(x[i * ((n + 1) // 2)..min((i + 1) * ((n + 1) // 2), n)]) & x[i] for i < 2)
family one_by_one(x: bit[n]) -> bit = if n == 0 then 0 else x[n - 1] & one_by_one(x[0..n - 1])
family before(x: bit[n]) -> bit = if n == 0 then 1 else !x[0] | before(x[1..n])
family both(x: bit[n]) -> bit where n >= 1 {
    let a = AND(x)
    let later = if n == 1 then x[0] else both(x[0..n - 1])
    return OR(a, later, x[0] & x[n - 1])
}
family by_two(x: bit[n]) -> bit = if n < 2 then AND(x) else (x[n - 1] | x[0]) & by_two(x[1..n - 1])
family deep_arguments(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else deep_arguments(x[i] & x[i + 1] for i < n - 1)
family gathered(a: bit, x: bit[n]) -> bit = if n == 0 then a else gathered(a & x[n - 1], x[0..n - 1])
family counted[k](x: bit[n]) -> bit = if k == 0 then OR(x) else counted[k - 1](x) & AND(x[i] | x[0] for i < k)
family halved(x: bit[n]) -> bit where n >= 1 =
    if n == 1 then x[0] else OR(halved(AND(x[2*i..min(2*i + 2, n)]) for i < (n + 1) // 2), x[0])
family fibonacci[k](x: bit) -> bit = if k < 2 then !x else fibonacci[k - 1](x) & fibonacci[k - 2](x)
family wide[k](x: bit[n]) -> bit = if k == 0 then OR(x) else AND(wide[k - 1](x[0..i]) for i < n)
family scan(x: bit[n]) -> bit[n] where n >= 1 {
    let before = if n == 1 then x else scan(x[0..n - 1])
    return [if i < n - 1 then before[min(i, n - 2)] else if n == 1 then x[0] else before[max(n - 2, 0)] & x[n - 1] for i < n]
}
family merged(x: bit[n]) -> bit[n] where n >= 1 {
    let h = (n + 1) // 2
    let low = if n == 1 then x else merged(x[0..h])
    let high = if n == 1 then x else merged(x[h..n])
    return [if n == 1 then x[0] else if i < h then low[i] else high[i - h] | low[h - 1] for i < n]
}
family stepped(x: bit[n], t: bit[m]) -> bit where n >= 1 =
    if n == 1 then x[0] else fold s = stepped(x[0..n // 2], t) for i < m yield (s & t[i]) | x[i % n]
family in_steps(x: bit[n]) -> bit where n >= 1 =
    fold s = x[0] for i < n yield (s & (if n == 1 then x[0] else in_steps(x[0..n // 2]))) | x[i]
family even_steps(x: bit[n]) -> bit = if n == 0 then 0 else if n % 2 == 0 then AND(x) | odd_steps(x[1..n]) else odd_steps(x)
family odd_steps(x: bit[n]) -> bit = if n == 0 then 1 else !x[0] & even_steps(x[1..n])
family words(a: uint(w), b: uint(w)) -> bit = if w == 0 then 1 else (a.bits[0] ^ b.bits[0]) & words(uint(w - 1)(a.bits[1..w]), uint(w - 1)(b.bits[1..w]))
family squares(g: bit[n, n]) -> bit = if n == 0 then 1 else OR(g[n - 1, 0..n]) & squares(g[0..n - 1, 0..n - 1])
family sums(x: bit[n]) -> bit where n >= 1 = if n == 1 then x[0] else SUM(SUM(x) // 2, sums(x[0..n // 2])) >= 2

family called(x: bit[n]) -> bit where n >= 1 = halves(x) & x[0]
family twice(x: bit[n]) -> bit where n >= 1 = halves(x) | one_by_one(x[0..n - 1])
family rows(g: bit[m, n]) -> bit where n >= 1 and m >= 1 = AND(halves(g[i, 0..n]) for i < m)
family chains(g: bit[m, n]) -> bit = AND(both(g[i, 0..n]) for i < m) & AND(one_by_one(g[i, 0..n]) for i < m)
family triangle(x: bit[n]) -> bit where n >= 1 = OR(halves(x[0..i + 1]) for i < n)
family slopes(x: bit[n]) -> bit = OR(by_two(x[0..i]) for i < n)
family in_helper(x: bit[n]) -> bit where n >= 1 = wrapped(x) & wrapped(x[0..1])
family wrapped(x: bit[n]) -> bit where n >= 1 = !halves(x) | OR(x)
family by_family[op: (bit, bit) -> bit](x: bit[n]) -> bit where n >= 1 =
    if n == 1 then x[0] else op(by_family[op](x[0..n // 2]), by_family[op](x[n // 2..n]))
family pair(a: bit, b: bit) -> bit = (a & !b) | b
family with_pair(x: bit[n]) -> bit where n >= 1 = by_family[pair](x)
"""
