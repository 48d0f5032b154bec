// Must reach Reader::read, every read_ function of der/value.h, read_time, find_long_length, to_dotted and parse_dotted.
#include <cstddef>
#include <cstdint>

#include "der/encoding.h"
#include "der/time.h"
#include "der/value.h"
#include "der/writer.h"
#include "fuzz/must.h"

using namespace truename;

namespace {

void read_values(const der::Tlv& element, Bytes input) {
    if (const auto flag = der::read_boolean(element); flag && der::is_der_boolean(element)) {
        der::Writer w;
        w.boolean(*flag);
        must(equal(der::Reader(w.bytes()).read()->value, element.value), "a BOOLEAN that was read is written as it was");
    }
    if (const auto bits = der::read_bit_string(element); bits && bits->unused_bits == 0) {
        der::Writer w;
        w.bit_string(bits->bytes);
        must(equal(der::Reader(w.bytes()).read()->value, element.value), "so is a BIT STRING");
    }
    (void)der::read_octets_of_bit_string(element);
    if (const auto small = der::read_small(element)) {
        der::Writer w;
        w.integer(*small);
        must(equal(der::Reader(w.bytes()).read()->value, element.value), "and a small number");
    }
    if (const auto number = der::read_unsigned(element)) {
        must(lies_within(*number, input), "a number lies inside the input");
        der::Writer w;
        w.unsigned_integer(*number);
        must(equal(der::Reader(w.bytes()).read()->value, element.value), "a number that was read is written as it was");
    }
    if (const auto oid = der::read_oid(element)) {
        const std::string dotted = der::to_dotted(*oid);
        must(!der::describe(*oid).empty(), "an OID can be told");
        if (const auto again = der::parse_dotted(dotted))
            must(equal(*again, oid->content()), "an OID in dots is read back");
        else
            must(dotted.front() == '#', "only what does not fit is not written in dots");
    }
    if (const auto time = der::read_time(element)) {
        if (!time->der) return;
        der::Writer w;
        w.time(time->time, element.tag);
        must(equal(der::Reader(w.bytes()).read()->value, element.value), "a time that was read is written as it was");
    } else {
        must(time.error().offset >= element.offset, "the error lies behind the element's start");
    }
}

void read_all(der::Reader reader, Bytes input, unsigned depth) {
    while (!reader.at_end()) {
        const std::uint32_t before = reader.offset();
        const auto element = reader.read();
        if (!element) {
            must(element.error().offset == before && reader.offset() == before, "a reader stays where reading failed");
            return;
        }
        must(lies_within(element->tlv, input) && lies_within(element->value, element->tlv), "an element lies inside the input");
        must(element->tlv.data() == input.data() + element->offset, "offsets count from the start of the input");
        must(reader.offset() == element->offset + element->tlv.size(), "the next element begins where this one ends");
        read_values(*element, input);
        if (der::is_constructed(element->tag) && depth < der::kMaxDepth) read_all(der::Reader(*element), input, depth + 1);
    }
}

/// What is written with the contents that the input gives, all kinds in one, can be read as it was written.
void check_writing(Bytes input) {
    const std::uint32_t bits = input.size() < 2 ? 0 : input[0] * 256U + input[1];
    der::Writer w;
    w.sequence([&] { w.set([&] { w.octet_string(input).null(); }).named_bits(bits).text(der::Tag::utf8_string, as_text(input)); });
    der::Reader outer(w.bytes());
    const auto sequence = outer.read(der::Tag::sequence);
    must(sequence && outer.expect_end().has_value(), "one element is written");
    der::Reader fields(*sequence);
    const auto set = fields.read(der::Tag::set);
    must(set && equal(der::Reader(*set).read(der::Tag::octet_string)->value, input), "octets are written as they are");
    const auto named = fields.read(der::Tag::bit_string);
    const auto read = named ? der::read_bit_string(*named) : Result<der::BitString>(fail(ErrorKind::missing, 0));
    for (unsigned i = 0; i < 16; ++i) must(read && read->has(i) == ((bits >> i & 1U) != 0), "each bit by its number");
    must(!fields.read(der::Tag::octet_string), "an element of another kind is not taken for one");
    must(equal(fields.read()->value, input), "a text is written as it is");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 16'384) return 0;
    const Bytes input(data, size);
    read_all(der::Reader(input), input, 0);
    check_writing(input);
    if (const auto offset = der::find_long_length(input, 0)) must(*offset < size, "the long length lies inside the input");
    return 0;
}
