package io.memberlist;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/** What a field may have as the keys of a map, or as the elements of a set, that others can fill. */
public final class HashKeys {
    /**
     * A sorted map or set; or keys that are comparable, since a hash table makes a tree of those that collide; or keys without a
     * hash of their own, whose hash nobody chooses.
     */
    public static final ArchCondition<JavaField> BE_COMPARABLE_OR_IDENTITIES =
            new ArchCondition<>("have keys that cannot be made to collide") {
                @Override
                public void check(JavaField field, ConditionEvents events) {
                    JavaClass type = field.getRawType();
                    boolean hashes = (type.isAssignableTo(Map.class) || type.isAssignableTo(Set.class))
                            && !type.isAssignableTo(SortedMap.class)
                            && !type.isAssignableTo(SortedSet.class);
                    if (!hashes || !(field.getType() instanceof JavaParameterizedType generic)) {
                        return;
                    }
                    JavaClass key = generic.getActualTypeArguments().get(0).toErasure();
                    if (!key.isAssignableTo(Comparable.class) && hasHash(key)) {
                        events.add(SimpleConditionEvent.violated(
                                field, field.getFullName() + " has keys without an order: " + key.getName()));
                    }
                }
            };

    private HashKeys() {}

    private static boolean hasHash(JavaClass key) {
        return key.getAllMethods().stream()
                .anyMatch(method -> method.getName().equals("hashCode")
                        && method.getRawParameterTypes().isEmpty()
                        && !method.getOwner().isEquivalentTo(Object.class));
    }
}
