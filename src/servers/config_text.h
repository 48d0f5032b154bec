#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace truename::servers {

/// One line of a text: [begin, end) without its line end (LF, CRLF, or a CR that ends the text: Dovecot and Postfix read over it), the next
/// line begins at `next`.
struct TextLine {
    std::size_t begin = 0, end = 0, next = 0;
};

/// The line that begins at `begin`, which must not lie behind the text.
TextLine line_at(std::string_view text, std::size_t begin);

/// How the lines of `text` end: CRLF when its first line does, else LF.
std::string_view line_end_of(std::string_view text);

/// A stretch of bytes of a text and what stands there instead; of size 0 it is an insertion.
struct Change {
    std::size_t begin = 0, size = 0;
    std::string by;
};

/// `text` with the changes, which lie inside it in ascending order. What two of them take away goes once.
std::string with_changes(std::string_view text, const std::vector<Change>& changes);

/// The insertion of whole lines at `at`, where a line begins or the text ends. Each gets the line end of the text, and a last line that has
/// none gets one first.
Change insert_lines(std::string_view text, std::size_t at, const std::vector<std::string>& lines);

/// Takes [begin, end) away, which lies in one line; the whole line goes when nothing but blanks is left of it, and else the blanks before,
/// or behind where the line begins.
Change remove_from_line(std::string_view text, std::size_t begin, std::size_t end);

/// A stretch of a text, in one line of it, that is a part of a logical line. Where pieces are joined, one blank is between them.
struct Piece {
    std::size_t begin = 0, size = 0;
    std::size_t end = 0;  ///< where what belongs to it ends: behind a sign that the line goes on
};

/// Where [from, to) of the joined `pieces` stands in the text; one piece for each that is touched, and an empty stretch in one of them.
std::vector<Piece> locate(const std::vector<Piece>& pieces, std::size_t from, std::size_t to);

/// `by` in the place of the first of `pieces` (of which there is one at least); the others go, but nothing that stands between them.
std::vector<Change> replace_pieces(std::string_view text, const std::vector<Piece>& pieces, std::string by);

/// The blanks that the line at `begin` begins with.
std::string indentation_of(std::string_view text, std::size_t begin);

/// The name in a comment `# name = ...`, as configurations show their defaults; empty when the line is no such comment. Borrows.
std::string_view name_in_comment(std::string_view line);

/// A control character, which no value in a configuration may hold.
bool is_control(char c);

}  // namespace truename::servers
