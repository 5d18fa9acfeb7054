"""The grammar of the language, as data: `tc.lark` is read by `tc0.dsl.syntax.parse`."""
