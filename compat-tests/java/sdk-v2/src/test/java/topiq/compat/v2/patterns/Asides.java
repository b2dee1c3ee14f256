package topiq.compat.v2.patterns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiq.compat.v2.patterns.Value.Items;
import topiq.compat.v2.patterns.Value.Members;

/** Where EventBridge is not as the published matcher is, or where nobody knows: differences there are no faults. */
final class Asides {

    private static final String FAMILIES = "a block or address of one family, and a number or an address of the other";
    private static final String BEYOND = "characters beyond the basic plane where letter case does not count";
    private static final String FOLDED = "equals-ignore-case beside a wildcard that begins with a star";
    private static final String MIXED = "a text, a range and an operator of texts in one list";
    private static final String QUOTED = "a quote at the beginning or the end, and the empty text";
    private static final String ABSENT = "exists:false inside of an array of objects";

    private static final String TEXTUAL = "\\{\"(prefix|suffix|wildcard|equals-ignore-case|anything-but)\".*";
    private static final String IPV4 = "(\\{\"cidr\":)?\"[0-9]+(\\.[0-9]+){3}.*";
    private static final String IPV6 = "(\\{\"cidr\":)?\"[0-9a-fA-F]*:[0-9a-fA-F:]+.*";
    private static final String NUMBER = "[-0-9].*";

    /** The conditions on each path, and the values there: as JSON. */
    private final Map<String, List<String>> conditions = new HashMap<>();
    private final Map<String, List<String>> values = new HashMap<>();
    private final Set<String> arraysOfObjects = new HashSet<>();

    private Asides(Members pattern, Members event) {
        readPattern("", pattern);
        readEvent("", event);
    }

    /** The name of the difference that a pair may show. */
    static Optional<String> nameOf(Members pattern, Members event) {
        var pair = new Asides(pattern, event);
        return pair.conditions.keySet().stream().flatMap(path -> pair.nameAt(path).stream()).findFirst();
    }

    private Optional<String> nameAt(String path) {
        var asked = conditions.get(path);
        var found = values.getOrDefault(path, List.of());
        // An IPv6 address that holds one of IPv4 counts as that.
        if (any(asked, IPV4) && (any(found, IPV6) || any(found, NUMBER))
                || any(asked, IPV6) && (any(found, IPV4) || any(found, "\"::ffff:.*") || any(found, NUMBER))) {
            return Optional.of(FAMILIES);
        }
        var isFolded = any(asked, ".*\"equals-ignore-case\".*");
        if (isFolded && found.stream().anyMatch(Asides::isBeyond)) return Optional.of(BEYOND);
        if (isFolded && any(asked, ".*\"wildcard\":.*\"\\*.*")) return Optional.of(FOLDED);
        var hasText = any(asked, "\".*") || any(asked, "\\{\"exactly\".*");
        if (hasText && any(asked, "\\{\"(numeric|cidr)\".*") && any(asked, TEXTUAL)) return Optional.of(MIXED);
        if (any(asked, "\\{.*\\\\\".*") && found.contains("\"\"")) return Optional.of(QUOTED);
        var isInside = arraysOfObjects.stream().anyMatch(array -> path.startsWith(array + "."));
        return isInside && asked.contains("{\"exists\":false}") ? Optional.of(ABSENT) : Optional.empty();
    }

    private static boolean any(List<String> texts, String expression) {
        return texts.stream().anyMatch(text -> text.matches(expression));
    }

    private static boolean isBeyond(String text) {
        return text.codePoints().anyMatch(Character::isSupplementaryCodePoint);
    }

    private void readPattern(String path, Members object) {
        for (var member : object.members()) {
            var inner = path + "." + member.name();
            if (member.name().equals("$or") && member.value() instanceof Items branches) {
                branches.items().forEach(branch -> readPattern(path, (Members) branch));
            } else if (member.value() instanceof Members members) {
                readPattern(inner, members);
            } else if (member.value() instanceof Items list) {
                list.items().forEach(condition -> add(conditions, inner, condition));
            }
        }
    }

    private void readEvent(String path, Value value) {
        if (value instanceof Items items) {
            if (items.items().stream().anyMatch(item -> item instanceof Items || item instanceof Members)) {
                arraysOfObjects.add(path);
            }
            items.items().forEach(item -> readEvent(path, item));
        } else if (value instanceof Members object) {
            object.members().forEach(member -> readEvent(path + "." + member.name(), member.value()));
        } else {
            add(values, path, value);
        }
    }

    private static void add(Map<String, List<String>> to, String path, Value value) {
        to.computeIfAbsent(path, absent -> new ArrayList<>()).add(value.toString());
    }
}
