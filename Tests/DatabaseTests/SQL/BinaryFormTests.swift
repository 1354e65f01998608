import Testing

@testable import Database

struct BinaryFormTests {
    @Test func arraysGoThereAndBack() throws {
        let form = BinaryForm.array(of: [[1], [], [2, 3]], elementType: .bytea)
        let elements = try form.withUnsafeBytes { bytes in
            var reader = BinaryFormReader(bytes)
            return try reader.array { element throws(SQLCellError) in Array(element) }
        }
        #expect(elements == [[1], [], [2, 3]])
    }

    @Test func anyBytesAreReadOrRefused() {
        var random = SystemRandomNumberGenerator()
        let whole = BinaryForm.array(of: [[1], [2, 3]], elementType: .bytea)
        for _ in 0..<20_000 {
            var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes.withUnsafeBytes { form in
                var reader = BinaryFormReader(form)
                let elements = try? reader.array { element throws(SQLCellError) in element.count }
                #expect((elements ?? []).reduce(0, +) <= form.count)
            }
        }
    }
}
