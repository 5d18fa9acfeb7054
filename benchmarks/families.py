"""The families that are measured, as a program."""

PROGRAM = """
family parity_forms(x: bit[n]) -> bit = SUM(x) % 2

family add_forms(a: bit[n], b: bit[n]) -> bit[n + 1] {
    let c[k <= n] = SUM(2**i * (a[i] + b[i]) for i < k) // 2**k
    return [bit(if k < n then a[k] + b[k] + c[k] - 2 * c[k + 1] else c[n]) for k <= n]
}

# The sum of m numbers modulo 2**w.
family iterated_add_forms(x: bit[m, w]) -> bit[w] {
    let c[k <= w] = SUM(2**i * x[j, i] for j < m, i < k) // 2**k
    return [bit(SUM(x[j, k] for j < m) + c[k] - 2 * c[k + 1]) for k < w]
}

family compare_forms(a: bit[n], b: bit[n]) -> bit = SUM(2**i * a[i] for i < n) > SUM(2**i * b[i] for i < n)

# Both halves from one place of the text: all nodes of a level are built at once.
family tree(x: bit[n]) -> bit where n >= 1 =
    if n == 1 then x[0] else xor_pair([tree(if k == 0 then x[0..n // 2] else x[n // 2..n]) for k < 2])

family xor_pair(x: bit[2]) -> bit = x[0] ^ x[1]

# Two calls are two places: every node of the tree is a place of its own.
family tree_of_calls(x: bit[n]) -> bit where n >= 1 =
    if n == 1 then x[0] else tree_of_calls(x[0..n // 2]) ^ tree_of_calls(x[n // 2..n])

family look_ahead(a: bit[n], b: bit[n]) -> bit[n + 1] {
    let g[i < n] = a[i] & b[i]
    let p[i < n] = a[i] | b[i]
    let c[i <= n] = OR(g[j] & AND(p[k] for k in j + 1 .. i) for j < i)
    return [(if i < n then a[i] ^ b[i] ^ c[i] else c[n]) for i <= n]
}

family square(m: bit[n, n]) -> bit[n, n] = [OR(m[i, k] & m[k, j] for k < n) for i < n, j < n]

family reach(a: bit[n, n]) -> bit[n, n] {
    let start[i < n, j < n] = if i == j then 1 else a[i, j]
    return fold m = start for t < clog2(n) yield square(m)
}
"""
