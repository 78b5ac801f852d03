package io.memberlist.sample;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Checks that a page is accessible. */
final class Readability {
    private static final String AXE = axe();

    private Readability() {}

    /** {@return texts whose contrast is less than 4.5 to 1} */
    @SuppressWarnings("unchecked")
    static List<String> faint(Page page) {
        return (List<String>) page.evaluate("""
                () => {
                  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
                  const rgba = colour => {
                    canvas.clearRect(0, 0, 1, 1);
                    canvas.fillStyle = colour;
                    canvas.fillRect(0, 0, 1, 1);
                    return [...canvas.getImageData(0, 0, 1, 1).data];
                  };
                  const light = ([r, g, b]) => [r, g, b]
                    .map(value => value / 255)
                    .map(value => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
                    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
                  const background = element => {
                    for (let one = element; one; one = one.parentElement) {
                      const colour = rgba(getComputedStyle(one).backgroundColor);
                      if (colour[3] === 255) return colour;
                    }
                    return [255, 255, 255, 255];
                  };
                  return [...document.querySelectorAll('body *')]
                    .filter(one => one.checkVisibility() && !one.closest('noscript, .skip')
                      && [...one.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
                    .map(one => {
                      const [a, b] = [light(rgba(getComputedStyle(one).color)), light(background(one))];
                      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                      return [contrast, `${one.tagName}.${one.className}: ${one.textContent.slice(0, 30)}`];
                    })
                    .filter(([contrast]) => contrast < 4.5)
                    .map(([contrast, text]) => `${contrast.toFixed(2)} ${text}`);
                }""");
    }

    /** {@return what axe-core finds wrong, by the rules of WCAG 2.2 AA and by good practice} */
    @SuppressWarnings("unchecked")
    static List<String> violations(Page page) {
        page.evaluate(AXE);
        return (List<String>) page.evaluate("""
                async () => {
                  const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
                  const { violations } = await axe.run(document, { runOnly, resultTypes: ['violations'] });
                  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
                    `${id} ${target}: ${failureSummary}`));
                }""");
    }

    /** {@return what does not fit: members that overlap, texts that are cut off, boxes beyond the right edge} */
    @SuppressWarnings("unchecked")
    static List<String> misfits(Page page) {
        return (List<String>) page.evaluate("""
                () => {
                  const nodes = [...document.querySelectorAll('.node')]
                    .map(node => ({ name: node.textContent, box: node.getBoundingClientRect() }));
                  const touch = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
                  const overlaps = nodes.flatMap((one, index) => nodes.slice(index + 1)
                    .filter(other => touch(one.box, other.box))
                    .map(other => `${one.name} overlaps ${other.name}`));
                  const visible = [...document.querySelectorAll('body *')]
                    .filter(one => one.checkVisibility() && !one.closest('.skip, thead, noscript'));
                  const cutOff = visible
                    .filter(one => getComputedStyle(one).display !== 'inline' && one.scrollWidth > one.clientWidth + 1
                      && [...one.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
                    .map(one => `cut off: ${one.className} ${one.textContent.slice(0, 40)}`);
                  const beyond = visible
                    .filter(one => !one.closest('.wide-text') && one.getBoundingClientRect().right > innerWidth + 1)
                    .map(one => `beyond the edge: ${one.tagName} ${one.className}`);
                  const wide = document.documentElement.scrollWidth;
                  return [...overlaps, ...cutOff, ...beyond, ...(wide > innerWidth ? [`scrolls to ${wide}`] : [])];
                }""");
    }

    private static String axe() {
        try (InputStream script = Readability.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return buttons, inputs and regions that a screen reader could not name} */
    @SuppressWarnings("unchecked")
    static List<String> nameless(Page page) {
        return (List<String>) page.evaluate("""
                () => [...document.querySelectorAll('button, input, select, a, section, svg[role=img], table')]
                  .filter(one => !(one.getAttribute('aria-label')?.trim()
                    || document.getElementById(one.getAttribute('aria-labelledby'))?.textContent.trim()
                    || one.labels?.[0]?.textContent.trim()
                    || (['BUTTON', 'A'].includes(one.tagName) && one.textContent.trim())))
                  .map(one => one.outerHTML.slice(0, 80))""");
    }
}
