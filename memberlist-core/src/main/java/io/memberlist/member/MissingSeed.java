package io.memberlist.member;

/**
 * A seed behind which there is no live member, besides the local one.
 *
 * @param seed the seed as it was written
 * @param found what was found there last, for an operator to read: why it cannot be reached, or who answers
 */
public record MissingSeed(String seed, String found) {
    @Override
    public String toString() {
        return seed + ": " + found;
    }
}
