import Testing

@testable import Database

struct MigrationScriptTests {
    @Test func charactersHaveLines() {
        let script = MigrationScript("SELECT 1;\nSELECT 'ä';\n\nSELEKT")
        #expect(script.line(ofCharacter: 1) == 1)
        #expect(script.line(ofCharacter: 11) == 2)
        #expect(script.line(ofCharacter: 24) == 4)
        #expect(script.line(ofCharacter: 10_000) == 4)
        #expect(script.line(ofCharacter: -3) == 1)
    }

    @Test func statementsHaveLines() {
        let script = MigrationScript(
            """
            -- a comment; with a semicolon
            CREATE TABLE a (b text DEFAULT 'x;
            y');
            /* nested /* comment; */ ; */ CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $body$
            BEGIN PERFORM 1; PERFORM $$;$$; END
            $body$;

            INSERT INTO "a;b" VALUES (1); SELECT 2
            """
        )
        #expect((0..<5).map { script.line(ofStatement: $0) } == [2, 4, 8, 8, 8])
    }

    @Test(arguments: ["", "'", "\"", "$", "$$", "$a", "/*", "--", ";", "/* /* */", "$tag$ x"])
    func unfinishedTextsHaveLinesToo(text: String) {
        #expect(MigrationScript(text).line(ofStatement: 3) == 1)
    }
}
