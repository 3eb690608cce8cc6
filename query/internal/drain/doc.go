// Package drain finds the patterns of a log: texts with tokens, such as <Time-1>,
// in the places where the texts of a log differ.
//
// The method is Drain: P. He, J. Zhu, Z. Zheng and M. R. Lyu, "Drain: An Online
// Log Parsing Approach with Fixed Depth Tree", ICWS 2017. [Mask] is its first
// step, which takes out of one text what is known to vary: times, addresses,
// identifiers and large numbers. A [Tree] is the rest. It has the paper's depth
// of 4, up to 100 children of a node, and a similarity of one half from which on
// a text belongs to a pattern.
//
// Three things are not as in the paper.
//
//   - Texts are cut at punctuation and not only at white space, since what a log
//     of JSON varies in stands between quotation marks, colons and slashes.
//     Punctuation, white space and the keys of JSON are the skeleton of a text.
//     In the place of the length of a text, a tree goes by its skeleton, so that
//     events have one pattern only if they have the same fields.
//   - A word that gives way to a token keeps what its values have in common: if
//     all are numbers the token is <Number-1>, and <Token-1> only if nothing is
//     known of them.
//   - What a tree holds is bounded, whatever it is given. A leaf has up to 100
//     patterns, and what is like none of them then joins the one it is most like.
//     A tree has up to 10,000 patterns with 64 MiB of text, and what would be a
//     pattern of its own beyond them is counted under the pattern <Token-1>.
//
// As with every method that takes one text after the other, the patterns depend
// on the order. Whoever wants them to depend on the set of texts only has to
// choose an order that does.
package drain
