package topiq.compat.v2.patterns;

import static topiq.compat.v2.patterns.Value.items;
import static topiq.compat.v2.patterns.Value.of;
import static topiq.compat.v2.patterns.Value.raw;
import static topiq.compat.v2.patterns.Value.text;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import topiq.compat.v2.patterns.Value.Items;
import topiq.compat.v2.patterns.Value.Member;
import topiq.compat.v2.patterns.Value.Members;
import topiq.compat.v2.patterns.Value.Raw;
import topiq.compat.v2.patterns.Value.Text;

/** A random event, and a pattern that is made from it, so that they match every other time. The seed is all it takes. */
final class RandomPair {

    private static final String[] NAMES = {"a", "b", "c", "d", "a.b", "é", "A"};
    private static final String[] TEXTS = {
        "", "a", "ab", "abc", "abab", "b", "ba", "AB", "aB", "Ñandú", "ñANDÚ", "é😀", "a*b", "a\\b", "\"", "300", "true",
        "10.0.0.1", "10.0.0.77", "10.0.1.1", "010.0.0.1", "10.0.0.256", "192.168.255.255", "::1", "2001:db8::1",
        "2001:DB8:0:0::1", "2001:db8::ff", "::ffff:a00:1", "a/b/c.txt", "a/c.TXT", "2026-11-30"
    };
    private static final String[] NUMBERS = {
        "0", "-0", "1", "1.0", "10e-1", "-1", "5", "5.000", "5.5", "300", "3.0e2", "300.25", "-300", "1e10", "1E+2", "100",
        "0.1", "9007199254740992", "9007199254740993", "0.12345678901234567", "1764537600123456789", "1e300"
    };
    private static final String[] OTHERS = {"true", "false", "null"};
    private static final String[] BLOCKS = {
        "10.0.0.0/24", "10.0.0.77/8", "0.0.0.0/0", "10.0.0.0/31", "2001:db8::/32", "::/0", "2001:db8::/121"
    };
    private static final String[] REFUSED = {
        "{\"prefix\":1}", "{\"prefx\":\"a\"}", "{\"numeric\":[\">\",5,\"<\",5]}", "{\"numeric\":[\"==\",5]}",
        "{\"numeric\":[]}", "{\"numeric\":5}", "{\"numeric\":[\"<\",1,\">\",0]}", "{\"numeric\":[\"=\",9007199254740993]}",
        "{\"exists\":\"true\"}", "{\"anything-but\":[]}", "{\"anything-but\":[1,\"a\"]}", "{\"anything-but\":null}",
        "{\"anything-but\":{\"prefix\":\"\"}}", "{\"anything-but\":{\"prefix\":[1]}}", "{\"anything-but\":{\"cidr\":\"a\"}}",
        "{\"wildcard\":\"a**b\"}", "{\"wildcard\":\"a\\\\b\"}", "{\"cidr\":\"10.0.0.0/33\"}", "{\"cidr\":\"10.0.0.0\"}",
        "{\"cidr\":\"a.b/8\"}", "{\"suffix\":{\"prefix\":\"a\"}}", "{\"prefix\":\"a\",\"suffix\":\"b\"}", "{}", "[\"a\"]",
        "{\"equals-ignore-case\":1}", "{\"exactly\":1}", "{\"EXISTS\":true}", "01", "nul", "'a'"
    };

    final Members event;
    final Members pattern;
    private final Random random;

    RandomPair(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        var detail = members(3);
        var account = new Member("account", text("123456789012"));
        var source = new Member("source", text(one("shop.orders", "shop.stock")));
        var envelope = List.of(
                new Member("version", text("0")),
                new Member("id", text("5c8b1a3e-0000-4000-8000-000000000000")),
                new Member("detail-type", text(one("OrderPlaced", "OrderShipped"))),
                source,
                account,
                new Member("time", text("2026-11-30T21:00:00Z")),
                new Member("region", text("us-east-1")),
                new Member("resources", new Items(some(2, () -> text(one("arn:a", "arn:b"))))),
                new Member("detail", detail));
        event = new Members(envelope);
        var wanted = new ArrayList<Member>();
        if (in(10)) wanted.add(new Member("source", list(source.value())));
        wanted.add(new Member("detail", wanted(detail, 3)));
        pattern = new Members(wanted);
    }

    // Events

    private Members members(int depth) {
        return new Members(some(4, () -> new Member(one(NAMES), value(depth))));
    }

    private Value value(int depth) {
        var roll = random.nextInt(10);
        if (depth == 0 || roll < 6) return scalar();
        if (roll < 8) return members(depth - 1);
        return new Items(some(3, in(2) ? this::scalar : () -> value(depth - 1)));
    }

    private Value scalar() {
        var roll = random.nextInt(10);
        return roll < 6 ? text(one(TEXTS)) : raw(roll < 9 ? one(NUMBERS) : one(OTHERS));
    }

    // Patterns

    /** An object of a pattern, for an object of an event. */
    private Value wanted(Members object, int depth) {
        var fields = new ArrayList<Member>();
        do {
            fields.add(field(object, depth));
        } while (in(2));
        if (depth > 0 && in(7)) {
            var branches = Stream.generate(() -> (Value) new Members(List.of(field(object, depth - 1))));
            var or = new Member("$or", new Items(branches.limit(2 + random.nextInt(2)).toList()));
            if (in(2)) fields.clear();
            fields.add(random.nextInt(fields.size() + 1), or);
        }
        return new Members(fields);
    }

    private Member field(Members object, int depth) {
        if (object.members().isEmpty() || in(12)) {
            return new Member(one(NAMES), in(2) ? items(of("exists", raw("false"))) : list(scalar()));
        }
        var member = object.members().get(random.nextInt(object.members().size()));
        return new Member(member.name(), wanted(member.value(), depth));
    }

    private Value wanted(Value value, int depth) {
        if (value instanceof Items items && !items.items().isEmpty()) {
            return wanted(items.items().get(random.nextInt(items.items().size())), depth);
        }
        if (value instanceof Members members && depth > 0 && !in(12)) return wanted(members, depth - 1);
        return value instanceof Text || value instanceof Raw ? list(value) : items(of("exists", raw(in(2))));
    }

    /** The alternatives for a value, one of which it probably matches. */
    private Value list(Value value) {
        var conditions = new ArrayList<Value>();
        conditions.add(in(200) ? raw(one(REFUSED)) : condition(in(3) ? scalar() : value));
        while (in(4)) conditions.add(random.nextInt(conditions.size() + 1), condition(scalar()));
        return new Items(conditions);
    }

    /** A condition that holds for a value, mostly. */
    private Value condition(Value value) {
        if (in(8)) return of("exists", raw(!in(8)));
        if (value instanceof Text text) return textual(text.text());
        var json = value.toString();
        return json.matches("[-0-9].*") ? numeric(json) : in(2) ? value : otherwise();
    }

    private Value textual(String text) {
        if (text.matches("[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*") && in(2)) return of("cidr", text(one(BLOCKS)));
        var begin = text.substring(0, random.nextInt(text.length() + 1));
        var end = text.substring(random.nextInt(text.length() + 1));
        var swapped = in(2) ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT);
        return switch (random.nextInt(10)) {
            case 0 -> of("prefix", text(begin));
            case 1 -> of("suffix", text(end));
            case 2 -> of("prefix", of("equals-ignore-case", text(in(2) ? begin : begin.toUpperCase(Locale.ROOT))));
            case 3 -> of("suffix", of("equals-ignore-case", text(in(2) ? end : end.toUpperCase(Locale.ROOT))));
            case 4 -> of("equals-ignore-case", text(swapped));
            case 5 -> of("wildcard", text(wildcard(text)));
            case 6 -> of("exactly", text(text));
            case 7, 8 -> otherwise();
            default -> text(text);
        };
    }

    /** The text with a star or two in place of parts. */
    private String wildcard(String text) {
        var from = random.nextInt(text.length() + 1);
        var to = from + random.nextInt(text.length() - from + 1);
        var end = in(3) ? wildcard(text.substring(to)) : escaped(text.substring(to));
        return (escaped(text.substring(0, from)) + "*" + end).replace("**", "*");
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("*", "\\*");
    }

    private Value numeric(String number) {
        var value = new BigDecimal(number);
        var isExact = new BigDecimal(Double.toString(value.doubleValue())).compareTo(value) == 0;
        if (!isExact || in(4)) return raw(number);
        if (in(5)) return otherwise();
        var isLarge = value.abs().compareTo(BigDecimal.valueOf(1, -15)) > 0;
        var below = isLarge ? BigDecimal.ZERO : value.subtract(BigDecimal.valueOf(random.nextInt(3)));
        var above = isLarge ? value.scaleByPowerOfTen(1) : value.add(BigDecimal.valueOf(random.nextInt(3)));
        return of("numeric", switch (random.nextInt(6)) {
            case 0 -> items(text("="), raw(number));
            case 1 -> items(text(one("<", "<=")), raw(above));
            case 2 -> items(text(one(">", ">=")), raw(below));
            default -> below.compareTo(above) == 0
                    ? items(text(">="), raw(number))
                    : items(text(one(">", ">=")), raw(below), text(one("<", "<=")), raw(above));
        });
    }

    /** An exclusion of some values. */
    private Value otherwise() {
        Supplier<Value> word = () -> text(one(TEXTS));
        Supplier<Value> part = () -> text(one("a", "b", "A", "c", "3", "ñ", ".txt"));
        Supplier<Value> star = () -> text(one("a*", "*b", "a*b", "*", "a\\*b", "*.txt", "1*1", ""));
        Supplier<Value> number = () -> raw(one("0", "1", "5", "300", "3e2", "0.1", "-1", "100"));
        return of("anything-but", switch (random.nextInt(6)) {
            case 0 -> oneOrMany(word);
            case 1 -> oneOrMany(number);
            case 2 -> of("prefix", oneOrMany(part));
            case 3 -> of("suffix", oneOrMany(part));
            case 4 -> of("equals-ignore-case", oneOrMany(word));
            default -> of("wildcard", oneOrMany(star));
        });
    }

    private Value oneOrMany(Supplier<Value> value) {
        return in(2) ? value.get() : new Items(Stream.generate(value).limit(1 + random.nextInt(3)).toList());
    }

    // Chance

    private boolean in(int cases) {
        return random.nextInt(cases) == 0;
    }

    @SafeVarargs
    private <T> T one(T... values) {
        return values[random.nextInt(values.length)];
    }

    /** At most so many, and rarely none. */
    private <T> List<T> some(int most, Supplier<T> make) {
        var count = in(10) ? 0 : 1 + random.nextInt(most);
        return Stream.generate(make).limit(count).toList();
    }
}
