package io.nexusid.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TextTableTest {
    private static String printed(TextTable table) {
        Printed page = new Printed();
        table.print(page.stream());
        return page.text();
    }

    @Test
    void wordsStandLeftAndNumbersRight() {
        TextTable table = new TextTable().left("Read", 0).right("rows", 0);
        table.row("events", "11").row("entity_identifiers", "1,063");
        assertEquals("""
                Read                 rows
                events                 11
                entity_identifiers  1,063
                """, printed(table));
    }

    @Test
    void widthIsCountedInCodePoints() {
        TextTable table =
                new TextTable().left("name", 0).left("x", 0).row("𝔸é", "1").row("abcde", "2");
        assertEquals("name   x\n𝔸é     1\nabcde  2\n", printed(table));
    }

    @Test
    void aCellCannotForgeALine() {
        TextTable table = new TextTable().left("name", 0).row("a\r\n\u001b[2Jb\u202ec");
        assertEquals("name\na [2Jb c\n", printed(table));
    }

    @Test
    void aRowHasACellForEachColumn() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TextTable().left("a", 0).left("b", 0).row("1"));
    }
}
