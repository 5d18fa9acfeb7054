"""Every code of an error: what it is called, and the lesson behind it (`:explain E0404`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Code:
    """title: a few words. lesson: what the rule is and what to do, in two or three sentences."""

    title: str
    lesson: str


CODES: Mapping[str, Code] = MappingProxyType(
    {
        # E01xx: syntax
        "E0101": Code(
            "a word or sign that does not fit here",
            "The text so far is well formed, and this cannot follow it. The message says what can; often a comma, an operator or a bracket is missing just before.",
        ),
        "E0102": Code(
            "a reserved word as a name",
            "The words `family transformer let return where if then else for in and or not fold yield check prove` are reserved everywhere. Choose another name.",
        ),
        "E0103": Code(
            "a character that is no part of the language",
            "Programs are ASCII outside of comments and strings. Mathematical signs have spellings of their own: `!=` `<=` `>=` `->`, `&` `|` `!` on wires, `and or not` on statics.",
        ),
        "E0104": Code(
            "a string that does not end",
            'A string ends with `"` on the line on which it begins. There are no escapes in strings.',
        ),
        "E0105": Code("`=` where a comparison is meant", "`=` gives a name a value, `==` compares."),
        "E0106": Code(
            "brackets that do not match",
            "Every `(` is closed by `)`, every `[` by `]`, every `{` by `}`, the innermost first.",
        ),
        "E0107": Code(
            "a bracket that is never closed",
            "Inside of an open bracket a line does not end the statement, so the rest of the text belongs to it. The message points to the bracket that was opened.",
        ),
        "E0108": Code(
            "nested too deep",
            "Expressions and brackets are nested at most 300 deep; chains such as `a + b + c` may be of any length. Name inner parts with `let`, or write a family for them.",
        ),
        "E0109": Code(
            "a statement that stops too early",
            "A statement ends with its line, unless a bracket is open, or the line ends in an operator, `,` `=` `:` `->` `..` or one of `then else yield for in if where and or not`, or the next line begins with `then`, `else`, `yield` or `where`.",
        ),
        "E0110": Code(
            "`&`, `|` and `^` side by side",
            "Readers disagree about which of them binds tighter, and `a & b & c` is one gate, so mixtures are written with parentheses: `(a & b) | c`.",
        ),
        "E0111": Code(
            "comparisons in a chain",
            "`a < b < c` is written as two comparisons: `a < b and b < c` of statics, `(a < b) & (b < c)` of wires.",
        ),
        "E0112": Code(
            "a comparison beside `&`, `|` or `^`",
            "A comparison between wires is a gate of its own. Put it in parentheses: `(x == y) & z`.",
        ),
        "E0113": Code(
            "a parameter without a type",
            "A parameter is written `name: type`, as in `x: bit[n]`. Static parameters stand in brackets and are integers: `family exactly[k](x: bit[n]) -> bit`.",
        ),
        "E0114": Code(
            "braces without `return`",
            "What a family in braces computes is what its last line returns: `{ let ... return e }`.",
        ),
        "E0115": Code(
            "no type of the result", "A family states its result after `->`: `family f(x: bit[n]) -> bit = ...`."
        ),
        "E0116": Code("a closing bracket too many", "This bracket closes nothing."),
        "E0117": Code(
            "a word or sign of another language",
            "Definitions are `family` and `let`, iteration is `for` in brackets or `fold`, `and or not` combine statics, and `& | ^ !` wires. There are no assignments and no loops of statements.",
        ),
        "E0118": Code(
            "a slice with `:`",
            "A slice is written with two dots and both ends: `x[a..b]`, half-open, so that `x[0..len(x)]` is all of x.",
        ),
        "E0119": Code(
            "a binder that is none",
            "Binders are `i < n`, `i <= n` and `i in a..b` (half-open); those of `let` and `fold` count from 0.",
        ),
        "E0120": Code("a comparison spelt differently", "Comparisons are `==`, `!=`, `<`, `<=`, `>` and `>=`."),
        "E0121": Code(
            "an expression is missing",
            "Something has to stand here: a name, a number, a call, or an expression in parentheses.",
        ),
        "E0122": Code(
            "nothing between two expressions",
            "Two expressions side by side mean nothing: an operator or a comma stands between them. Products are written with `*`.",
        ),
        "E0123": Code(
            "a statement in the wrong place",
            "`return` ends a family in braces, static functions are defined at the top level, and `precision`, `embed`, `layer` and `repeat` stand in a transformer.",
        ),
        "E0124": Code(
            "`if` without `then` or `else`", "A choice is an expression and needs both values: `if c then a else b`."
        ),
        "E0125": Code(
            "a name is missing",
            "A name begins with a letter or `_` and goes on with letters, digits and `_`, all ASCII.",
        ),
        "E0126": Code(
            "a number spelt differently",
            "Numbers are decimal digits, with a point and digits on both sides of it where they are not whole: `12`, `0.5`. Products are written with `*`, powers of ten `10**6`.",
        ),
        "E0127": Code(
            "a type is missing",
            'Types are `bit`, `uint(w)`, `int(w)`, `float(p)`, `form(lo, hi)`, an alphabet such as `{"a", "b"}`, and arrays of these: `bit[n]`, `uint(8)[m, n]`.',
        ),
        "E0128": Code(
            "something after the end",
            "`return` is the last line of braces; the guard of a comprehension is its last part.",
        ),
        "E0129": Code(
            "no text", "The input holds bytes that are no program, as those of an image or of a compressed file."
        ),
        # E02xx: names
        "E0201": Code(
            "unknown name",
            "Names are parameters, sizes, binders, `let`s, definitions of the text, and the standard library. Check the spelling, or define it.",
        ),
        "E0202": Code(
            "a local name bound twice",
            "Inside of a family a name is bound once: parameters, sizes, binders and `let`s may not hide one another, so that a reader never asks which one is meant. They may hide top-level names.",
        ),
        "E0203": Code(
            "unknown type",
            "Types of wires are `bit`, `uint(w)`, `int(w)`, `float(p)`, `form(lo, hi)`, alphabets, and arrays of these; static parameters are `integer`, `bool`, `rational`, arrays of these, or families.",
        ),
        "E0204": Code(
            "not used as what it is",
            "A gate or a function needs its arguments, and only families, gates and functions are called.",
        ),
        "E0205": Code("no such field", "Words, symbols and floats have `.bits`, their wires with bit 0 the lowest."),
        "E0206": Code("defined twice", "One text defines a name once. A later text may redefine it."),
        "E0207": Code(
            "a definition that needs itself",
            "Top-level `let`s are computed when they are needed; a circle of them has no value.",
        ),
        "E0208": Code(
            "a redefinition that does not fit",
            "What depends on a name is checked again when the name is redefined. Nothing was changed.",
        ),
        "E0209": Code("in use", "A definition that others depend on cannot be dropped."),
        "E0210": Code(
            "the parts of a transformer",
            "A transformer has one `precision`, then one `embed`, then layers; every layer ends by binding the residual stream anew: `layer { let a[i < n] = ... x[i < n] = ... }`.",
        ),
        # E03xx: types and levels
        "E0301": Code(
            "wires where a static value is needed",
            "Sizes, indices, bounds, guards and `and or not` are static: known before gates exist. What depends on input bits is on wires and is combined by `& | ^ !`, gates and comparisons.",
        ),
        "E0302": Code(
            "the wrong kind of static value",
            "Booleans are not the integers 0 and 1, and rationals are not integers: compare (`k == 1`), choose (`if c then 1 else 0`) or round (`//`, `floor`, `ceil`).",
        ),
        "E0303": Code(
            "the wrong type of wires",
            "Nothing converts silently between bits, words, symbols and forms, except that a bit is a form and a form within 0..1 becomes a bit by one gate. `e.bits` gives the wires of a word, `uint(w)(bits)` reads them, `value(e)` is its form.",
        ),
        "E0304": Code(
            "the wrong number of arguments",
            "Arguments on wires stand in parentheses, static parameters in brackets: `exactly[3](x)`.",
        ),
        "E0305": Code(
            "no such parameter",
            "Brackets fix static and size parameters by name, `f[k = 3, n = 8]`, or in the order in which they are declared.",
        ),
        "E0306": Code(
            "a parameter in brackets is missing",
            "Static parameters are not bound from arguments: they are given in brackets.",
        ),
        "E0307": Code(
            "a family where a value is needed",
            "A family is called to give a value: `f(x)`. As a value of its own it is passed in brackets: `apply[g = f](x)`.",
        ),
        "E0308": Code(
            "the wrong number of dimensions",
            "An index removes a dimension, a slice keeps it. One value is not an array, and an array is not one value.",
        ),
        "E0309": Code(
            "a condition that is no bit",
            "A condition on wires is one bit; the multiplexer chooses whole words and arrays by it.",
        ),
        "E0310": Code("a mixture of arrays and bits", "A gate takes one array of any rank, or several single bits."),
        "E0311": Code(
            "branches or binders that do not fit",
            "Branches, elements and fold states have one type; the binders of a `let` and of a `fold` count from 0 and are independent.",
        ),
        "E0312": Code(
            "a figure inside of a family",
            "`size(f)` and the like speak about circuits; a circuit cannot depend on them. Ask at the top level or in a `check`.",
        ),
        "E0313": Code(
            "a static parameter of another type",
            "A static parameter is an integer unless its declaration says `bool`, `rational`, an array of these, or the type of a family.",
        ),
        # E04xx: shapes and indexes
        "E0401": Code(
            "index outside of the array",
            "Arrays are indexed from 0. Bounds are checked for all points at once, whether the element is used or not; a static `if` builds only the branch it chooses.",
        ),
        "E0402": Code("slice outside of the array", "A slice `x[a..b]` is half-open, with 0 <= a <= b <= len(x)."),
        "E0403": Code("a ragged array", "All elements of an array have one shape."),
        "E0404": Code(
            "shapes that do not fit",
            "Shapes are compared symbolically where a family is defined, as far as that decides them, and always when it is instantiated.",
        ),
        "E0405": Code(
            "a `where` clause that does not hold",
            "A family states what it presumes of its sizes. It is checked at every call.",
        ),
        "E0406": Code(
            "a fold state that changes its shape",
            "The type and the shape of a fold state stay the same from step to step.",
        ),
        "E0407": Code("a negative size", "Sizes, lengths and widths are at least 0."),
        # E05xx: static arithmetic and recursion
        "E0501": Code("no value", "Division by zero, the logarithm of 0, the inverse of what has none."),
        "E0502": Code(
            "recursion that does not shrink",
            "In every recursion one static argument (a size or a bracketed parameter) gets smaller at each call without becoming negative, or all of them do in lexicographic order. That makes every instance finite.",
        ),
        "E0504": Code(
            "the wrong kind of value",
            "A static function got a value that it does not take. Parameters of static functions are checked when they are used.",
        ),
        "E0505": Code("a condition that is not true or false", "Conditions are booleans: compare, as in `k == 1`."),
        "E0506": Code(
            "a number too large to write down",
            "Static integers are exact and may be long, but not of millions of digits.",
        ),
        "E0507": Code(
            "a real number that is not decided",
            "`exp`, `sqrt`, `sin`, `cos` and `pi` are known as closely as one asks. Whether such an expression equals an integer exactly is not always decidable; it is never guessed.",
        ),
        "E0508": Code(
            "a real number as a value",
            "Real numbers stand under `floor`, `ceil` and comparisons, or where a `float(p)` is expected.",
        ),
        # E06xx: forms and gates
        "E0601": Code(
            "a family of forms has no circuit of its own",
            "The wires of a parameter of type `form` depend on the terms it is given, so such a family has value and cost only where it is called.",
        ),
        "E0602": Code(
            "a form where a bit is needed",
            "Where a bit is needed a form becomes one by a gate if its range lies within 0..1. Other forms are compared, or declared by `bit(L)`.",
        ),
        "E0603": Code("a modulus below 1", "`//`, `%` and `MOD` of wires take a static modulus of at least 1."),
        "E0604": Code(
            "a product of wires",
            "Forms are linear: a wire is multiplied by static integers only. The product of two bits is one gate, `a & b`.",
        ),
        "E0605": Code(
            "a fold state that leaves its range",
            "A form as the state of a fold keeps the range that its init has: declare it by `within` on the init.",
        ),
        "E0606": Code(
            "a range that cannot be", "`within(L, lo, hi)` takes lo <= hi, and a range in which the form can be."
        ),
        "E0607": Code(
            "forms where they cannot be",
            "A table is a lookup by bits; it has no forms among its parameters and its result.",
        ),
        "E0608": Code(
            "a form outside of the declared range",
            "A parameter or result `form(lo, hi)` takes forms whose range lies within lo..hi.",
        ),
        "E0610": Code(
            "a declared range that does not hold",
            "`within` and `bit` declare the range of a form; every evaluation verifies it.",
        ),
        # E07xx: words, symbols, inputs
        "E0701": Code(
            "a number that does not fit", "A static integer as a bit is 0 or 1; as a word it must fit into the width."
        ),
        "E0702": Code("not a string of bits", "Where bits are expected a string holds 0 and 1 only, x[0] first."),
        "E0703": Code(
            "not a symbol of the alphabet",
            "Where symbols are expected a string spells symbols of the alphabet, one a character.",
        ),
        "E0704": Code("a width below 0", "Words have a width of at least 0."),
        "E0705": Code("an alphabet that is none", "An alphabet has different, non-empty symbols."),
        "E0706": Code(
            "an input of the wrong shape",
            "An input has the length that the circuit was built for, and elements of its type: a string of bits or symbols, a list, or a numpy array; an integer for a word.",
        ),
        "E0707": Code(
            "a batch of the wrong shape",
            "A batch is an array of booleans, or of 0 and 1, of shape [vectors, inputs]: the columns are the parameters in order, row-major, bit 0 first.",
        ),
        "E0708": Code(
            "not a value of the language",
            "Python hands in integers, booleans, fractions, strings, lists of them, and numpy arrays.",
        ),
        "E0710": Code(
            "a word divided by the constant 0",
            "On wires `a // 0` is 0 and `a % 0` is a; a divisor that is known to be 0 is a mistake.",
        ),
        "E0711": Code(
            "an amount of a shift that is none",
            "A word is shifted by a static integer of at least 0, or by an unsigned word.",
        ),
        "E0712": Code(
            "the extreme of nothing", "`MAX`, `MIN` and `SORT` take at least one word; a sum of nothing is 0."
        ),
        "E0713": Code(
            "a precision that is none",
            "The precision of a float is an even number of bits from 4 to 64: half of it for the mantissa, half for the exponent, each with its sign.",
        ),
        "E0714": Code(
            "floats of different types",
            "Floats of different precision or rounding do not mix. A static number beside a float takes its type.",
        ),
        "E0715": Code(
            "bits that are no float",
            "Every float has one encoding: the least exponent that holds its value exactly; zero is mantissa 0 with the least exponent, and no 0 has the sign bit.",
        ),
        # E08xx: limits, files, session
        "E0801": Code(
            "too many gates", "A session limits the gates of one statement, so that a script cannot take its host down."
        ),
        "E0802": Code("too much memory", "A session limits the memory that one step may use at once."),
        "E0803": Code("too much time", "A session limits the seconds of one statement."),
        "E0804": Code("nested too deep", "Calls and expressions may be nested only so deep."),
        "E0805": Code("interrupted", "The work was stopped; the session is as it was before."),
        "E0806": Code(
            "too many steps", "A static expression may take only so many steps, and a check tries only so many sizes."
        ),
        "E0807": Code("a table too large", "A table is a lookup by all values of its input bits: at most 2**20 rows."),
        "E0811": Code("a file outside of the script's folder", "A script reads only files below its own folder."),
        "E0812": Code("no such file", "Paths start at the folder of the script."),
        "E0813": Code("not UTF-8", "Programs are UTF-8 text."),
        "E0814": Code("a file too large", "Programs are split into files that are brought together with `use`."),
        "E0815": Code("not of this kind", "The session was asked for something that this name is not."),
        "E0816": Code("nothing to undo", "Nothing has been changed in this session yet."),
        "E0817": Code(
            "not a file of arrays", "`weights` reads `.safetensors` and `.npz` files, and tells them by their names."
        ),
        "E0818": Code(
            "a broken file of arrays",
            "Files of arrays are read strictly: every offset, size and name in them must fit. Nothing in them is executed, and nothing is guessed.",
        ),
        "E0819": Code(
            "no such array",
            '`W` alone lists the arrays of a file. One whose name is no name of the language is written as a string: `W["h.0.attn.weight"]`.',
        ),
        "E0820": Code("unknown option", "Options are listed by `:set`."),
        "E0821": Code("a value that the option does not take", "Each option says which values it takes."),
        "E0822": Code(
            "beyond what the session allows", "The host of a session sets limits that a script may lower, not raise."
        ),
        "E0823": Code("unknown export format", "The formats are listed by `tc0 export --help`."),
        "E0824": Code(
            "a circuit that the format does not hold",
            "The serialisation holds threshold circuits with one output and weights that can be written as repeated arguments. BLIF holds every circuit.",
        ),
        "E0825": Code(
            "not a serialised circuit",
            "Gates are `X`, or `<=` or `>=` with a unary threshold padded to the number of arguments, then that many pointers `&111` to earlier gates.",
        ),
        "E0826": Code(
            "a family that does not fit behind an operator",
            "It takes and gives the words that the operator does, or for unsigned words their bits; a parameter in brackets is given: `option uint.+ = add_levels[2]`.",
        ),
        "E0827": Code(
            "an array with numbers that have no value",
            "Weights are exact numbers; NaN and infinities are none.",
        ),
        "E0828": Code(
            "an array of a kind that is not read",
            "Arrays hold booleans, integers, float16, bfloat16, float32 or float64. Objects of Python are never unpickled.",
        ),
        "E0829": Code(
            "a file that has changed",
            "The table of contents of a file of arrays is read at its `weights` statement, an array when it is used; in between the file must stay as it is.",
        ),
        "E0830": Code(
            "nobody reads the output",
            "The program that read the output has ended, as `head` does after some lines. The work stops quietly.",
        ),
        "E0831": Code(
            "output that cannot be written", "Standard output did not take the text: perhaps the disk is full."
        ),
        "E0832": Code(
            "a command line that is not understood",
            "`tc0 --help` lists the commands, `tc0 run --help` what one of them takes. Scripts are run by `tc0 run FILE.tc`.",
        ),
        "E0833": Code("a file that cannot be written", "The folder must exist, and the file must be yours to write."),
        "E0834": Code("a file in the way", "`:save` does not write over a file unless it is told to: `:save FILE !`."),
        "E0835": Code(
            "unknown command",
            "Commands of the REPL begin with `:` and may be cut short as long as only one begins so. `:help` lists them.",
        ),
        "E0836": Code("a command with the wrong arguments", "`:help :load` shows what a command takes."),
        "E0837": Code(
            "a size that is not understood", "Sizes and static parameters are fixed by name: `--size n=8 --size k=3`."
        ),
        "E0838": Code("unknown code", "Codes of errors are E and four digits; they are listed in docs/errors.md."),
        "E0839": Code(
            "nothing to tell",
            "`?name` knows definitions, the library, gates, functions, words of the language, options and codes of errors.",
        ),
        "E0840": Code(
            "nothing to load or to save",
            "`:reload` reads the file of the last `:load` again; `:save` writes what you defined.",
        ),
        "E0841": Code("no editor", "`:edit` starts the program named in the variable VISUAL or EDITOR, on a terminal."),
        # E09xx: checks and claims
        "E0901": Code(
            "a size without a bound", "A check runs through all sizes of its inputs, so each needs a bound: `n <= 12`."
        ),
        "E0902": Code(
            "a size that the claim does not name",
            "In a claim about costs an unfixed size stands for the claim's quantifier of the same name.",
        ),
        "E0903": Code("sizes left open", "This needs a circuit: fix every static and size parameter, `f[n = 8]`."),
        "E0904": Code(
            "a report inside of an expression",
            "A verb that answers with a report, such as `optimize`, is a whole statement. Figures such as `size(f[n = 8])` are numbers and may stand anywhere at the top level.",
        ),
        "E0905": Code(
            "a class is asked of a family",
            "Classes speak about all sizes together; one circuit is in none and in all of them. Ask for `class(f)`.",
        ),
        "E0906": Code(
            "no such gate",
            "Gates are numbered from 0, their inputs too; a source line builds gates at the index values of its binders.",
        ),
        # E10xx: not available yet
        "E1001": Code(
            "no closed form",
            "This figure is not derived for all sizes, for the reason given. It can be counted at one size: `size(f[n = 8])`, and claims about bounded sizes are decided by counting.",
        ),
        "E1004": Code("proofs", "`prove` comes with a later version. `check` runs through all inputs of bounded size."),
        "E1005": Code(
            "a gate that is not known in closed form",
            "Gates are found by number where the family is a fixed list of places with index ranges in closed form: not through recursion, tables, or lists whose length depends on a guard that is not counted. Build the circuit at a smaller size: its netlist lists every gate.",
        ),
        "E1006": Code("reports", "This report comes with a later version."),
        "E1009": Code("pictures", "`tc0 draw` comes with a later version."),
        "E1011": Code(
            "static parameters that are floats",
            "A parameter in brackets can be a float of a precision that is a number: `family f[c: float(8)](..)`. Where the precision is a parameter too, take a rational, which is rounded where it meets a float.",
        ),
        # E99xx: faults of tc0
        "E9901": Code("a fault of tc0", "This is not your mistake. Please report it."),
        "E9902": Code("a fault of tc0", "A static expression held what it must not hold. Please report it."),
        "E9903": Code("a fault of tc0", "The standard library is incomplete. Please report it."),
        "E9904": Code("a fault of tc0", "Value and circuit differ. Please report it: they must agree on every input."),
        "E9905": Code("a fault of tc0", "The arrays of a circuit break an invariant. Please report it."),
    }
)
