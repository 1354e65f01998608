import Testing
import WhatsAppWire

@Suite struct AttributesTests {
    @Test func orderIsKeptAndHasNoMeaning() {
        let attributes: BinaryNode.Attributes = ["b": "1", "a": "2", "c": "3"]
        #expect(attributes.map(\.key) == ["b", "a", "c"])
        #expect(attributes == ["a": "2", "b": "1", "c": "3"])
        #expect(attributes != ["a": "2", "b": "1"])
        #expect(attributes != ["a": "2", "b": "1", "c": "4"])
        #expect(attributes != ["a": "2", "b": "1", "d": "3"])
    }

    @Test func laterValuesReplaceEarlierOnesAndNilLeavesOut() {
        let attributes: BinaryNode.Attributes = ["a": "1", "b": nil, "a": "2"]
        #expect(attributes.count == 1)
        #expect(attributes.text("a") == "2")
    }

    @Test func changesOfACopyDoNotShowInTheOriginal() {
        let original: BinaryNode.Attributes = ["a": "1"]
        var one = original
        var other = original
        one["b"] = "2"
        other["b"] = "3"
        one["c"] = "4"
        other["a"] = nil
        #expect(original == ["a": "1"])
        #expect(one == ["a": "1", "b": "2", "c": "4"])
        #expect(other == ["b": "3"])
        one["b"] = "5"
        #expect(one.map { $0.value.text } == ["1", "5", "4"])
        one["a"] = nil
        one["b"] = nil
        one["c"] = nil
        #expect(one == [:])
        #expect(Array(one).isEmpty)
    }

    /// Nodes of one stanza share the memory of their attributes.
    @Test func changesOfOneNodeDoNotShowInItsNeighbours() throws {
        let stanza = BinaryNode(
            "list",
            ["id": "1"],
            children: (0..<40).map { BinaryNode("item", ["id": .text("item \($0)"), "type": "get"]) }
        )
        var read = try StanzaCodec.decode(StanzaCodec.encode(stanza))
        var first = try #require(read.children.first)
        first.attributes["more"] = "of it"
        first.attributes["id"] = "changed"
        read.attributes["more"] = "of this"
        #expect(first.attributes == ["id": "changed", "type": "get", "more": "of it"])
        #expect(read.attributes == ["id": "1", "more": "of this"])
        #expect(read.children == stanza.children)
        var last = try #require(read.children.last)
        read = BinaryNode("iq")
        last.attributes["more"] = "x"
        #expect(last.attributes == ["id": "item 39", "type": "get", "more": "x"])
    }

    @Test func manyAttributesAreRead() throws {
        var attributes = BinaryNode.Attributes()
        for index in 0..<5000 { attributes["key \(index)"] = .text("value \(index)") }
        let node = BinaryNode("iq", attributes, children: [BinaryNode("item", ["id": "5"])])
        #expect(try StanzaCodec.decode(StanzaCodec.encode(node)) == node)
    }

    @Test func valuesAreReadInWhateverFormTheyCame() {
        let attributes: BinaryNode.Attributes = [
            "text": "1@lid", "jid": .jid(JID(user: "1", server: .lid)), "number": "300",
        ]
        #expect(attributes.jid("text") == attributes.jid("jid"))
        #expect(attributes.text("jid") == "1@lid")
        #expect(attributes.integer("number", as: Int.self) == 300)
        #expect(attributes.integer("number", as: UInt8.self) == nil)
        #expect(attributes.integer("text", as: Int.self) == nil)
        #expect(attributes.text("absent") == nil)
    }
}
