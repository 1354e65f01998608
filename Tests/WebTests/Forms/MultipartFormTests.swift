import Foundation
import Testing

@testable import Web

struct MultipartFormTests {
    private static let type = "multipart/form-data; boundary=----Part7"

    private func form(_ text: String) -> MultipartForm? {
        MultipartForm(Data(text.replacing("\n", with: "\r\n").utf8), contentType: Self.type)
    }

    @Test func fieldsAndTheFileAreTakenApart() throws {
        let text = """
            ------Part7
            Content-Disposition: form-data; name="csrf"

            token
            ------Part7
            content-disposition: form-data; name="answer"

            two
            lines -- and ------Part
            ------Part7
            Content-Disposition: form-data; name="upload"; filename="C:\\cards\\menu %22new%22.png"
            Content-Type: image/png; charset=x

            \u{1}bytes
            ------Part7
            Content-Disposition: form-data; name="upload-kind"


            ------Part7--

            """
        let form = try #require(self.form(text))
        #expect(form.fields.map(\.name) == ["csrf", "answer", "upload-kind"])
        #expect(form.fields.map(\.value) == ["token", "two\r\nlines -- and ------Part", ""])
        let file = try #require(form.file)
        #expect(file.name == "menu \"new\".png")
        #expect(file.mimeType == "image/png")
        #expect(file.bytes == Array("\u{1}bytes".utf8))
        #expect(!file.isCut)
    }

    @Test func aFileThatWasCutSaysSo() throws {
        let head = "------Part7\nContent-Disposition: form-data; name=\"csrf\"\n\ntoken\n------Part7\n"
        let cut = try #require(
            form("\(head)Content-Disposition: form-data; name=\"upload\"; filename=\"a\"\n\nbeginning")
        )
        #expect(cut.fields.map(\.value) == ["token"])
        #expect(cut.file?.isCut == true)
        // A field that was cut is none.
        let field = form("\(head)Content-Disposition: form-data; name=\"answer\"\n\nbeginning")
        #expect(field?.fields.map(\.name) == ["csrf"])
    }

    @Test func whatIsNoFormIsNothing() {
        for type in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\""] {
            #expect(MultipartForm(Data("x".utf8), contentType: type) == nil, "\(type)")
        }
        for text in [
            "", "------Part7", "------Part7--", "------Part7\n", "------Part7\n\n\n", "------Part7\nname=x\n\n",
            "------Part7\nContent-Disposition: form-data\n\nx\n------Part7--",
            "------Part7\nContent-Disposition: form-data; name=\"\n\n",
        ] {
            let form = form(text)
            #expect(form?.fields.isEmpty == true && form?.file == nil, "\(text)")
        }
    }

    /// Seeded; what fails is printed.
    @Test func anyBytesAreReadOrLeftOut() {
        var generator = LinearGenerator(state: 7)
        let pieces = [
            "------Part7", "\r\n", "--", "Content-Disposition: form-data; name=\"a\"", ";", "filename=\"", "=", "\"",
            "é", "\0",
        ]
        for _ in 0..<2_000 {
            let text = (0..<Int(generator.next() % 20)).map { _ in pieces[Int(generator.next() % 10)] }.joined()
            let form = MultipartForm(Data(text.utf8), contentType: Self.type)
            #expect(form != nil, "\(text)")
        }
    }

    private struct LinearGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
