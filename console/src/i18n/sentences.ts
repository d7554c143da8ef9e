// sentences.ts - what the server says of an uploaded file, in other languages: by
// the sentence's format in English, with {} for its values. One that is missing is
// said as the server says it. Tests: test/console/texts.test.mjs
//
// SPDX-License-Identifier: MIT
import type { Language } from "./language.ts";

const zh: Record<string, string> = {
  // server/core/package_check.c
  "The header says {}; {} is no version that a header can hold":
    "镜像头中的版本是 {}；{} 不是镜像头能表示的版本",
  "The header says {} as well": "镜像头中的版本也是 {}",
  "The header says {} and the package {}: a Tern agent will refuse it":
    "镜像头中的版本是 {}，升级包的版本是 {}：Tern 设备会拒绝它",
  "The content is not what was signed": "内容与签名时不一致",
  "Signed with release key {}": "已用发布密钥 {} 签名",
  "Not signed: sign it with a release key of the product":
    "未签名：请用该产品的发布密钥签名",
  "Signed with the foreign key {}: sign it with a release key of the product, or add that key to the product":
    "用未登记的密钥 {} 签名：请用该产品的发布密钥签名，或把该密钥加入产品",
  "The signature does not match: build and sign it again":
    "签名不匹配：请重新构建并签名",
  "Not signed: devices that check signatures will refuse it":
    "未签名：校验签名的设备会拒绝它",
  "Signed with key {}; the product has no release key to compare with: tern product add-key":
    "已用密钥 {} 签名；产品没有可比对的发布密钥：tern product add-key",
  "{} of {} bytes of the slot": "占用分区 {} 字节，共 {} 字节",
  "{} bytes, and the product's devices have slots of {}":
    "{} 字节，而该产品设备的分区只有 {} 字节",
  "{} bytes, more than the product's slot of {}":
    "{} 字节，超过该产品的分区大小 {} 字节",
  "The content differs from the SHA-256 in the image: build and sign it again":
    "内容与镜像中的 SHA-256 不符：请重新构建并签名",
  "The content is what the SHA-256 says": "内容与 SHA-256 一致",
  "MCUboot image, header 0x{}, body {} bytes": "MCUboot 镜像，头 0x{}，主体 {} 字节",
  "No MCUboot image": "不是 MCUboot 镜像",
  "The file does not say its version": "文件中没有版本信息",
  "The product has release keys, and this file cannot be signed: only MCUboot images are":
    "产品设有发布密钥，而此文件无法签名：只有 MCUboot 镜像可以",
  "The file has no signature": "文件没有签名",
  "The file has no digest of its own": "文件自身不含摘要",
  "No device can run it: {}": "没有设备能运行它：{}",
  "Damaged MCUboot image: {}": "MCUboot 镜像已损坏：{}",

  // image/image_why.h
  "the image's bytes could not be read": "无法读取镜像内容",
  "no image: fewer than 32 bytes": "不是镜像：不足 32 字节",
  "no image: the magic is missing": "不是镜像：缺少魔数",
  "header: image is encrypted": "镜像头：镜像已加密",
  "header: image must be loaded into RAM to run": "镜像头：镜像须载入 RAM 运行",
  "header: image is compressed": "镜像头：镜像已压缩",
  "header: smaller than 32 bytes": "镜像头：小于 32 字节",
  "header: larger than 16 KiB": "镜像头：大于 16 KiB",
  "header: body is empty": "镜像头：主体为空",
  "header: larger than the space": "镜像头：超出可用空间",
  "header: body larger than the space": "镜像头：主体超出可用空间",
  "tlv: security counter is not 4 bytes": "TLV：安全计数器不是 4 字节",
  "tlv: SHA-256 is not 32 bytes": "TLV：SHA-256 不是 32 字节",
  "tlv: key hash is not 32 bytes": "TLV：密钥哈希不是 32 字节",
  "tlv: signature is not 8 to 72 bytes": "TLV：签名不是 8 到 72 字节",
  "tlv: RSA-2048 signature is not 256 bytes": "TLV：RSA-2048 签名不是 256 字节",
  "tlv: dependency is not 12 bytes": "TLV：依赖项不是 12 字节",
  "tlv: more than one security counter": "TLV：安全计数器多于一个",
  "tlv: more than one SHA-256": "TLV：SHA-256 多于一个",
  "tlv: more than one key hash": "TLV：密钥哈希多于一个",
  "tlv: more than one signature": "TLV：签名多于一个",
  "tlv: cut short": "TLV：被截断",
  "tlv: longer than its part": "TLV：超出所在部分",
  "tlv: begin beyond the space": "TLV：起点超出可用空间",
  "tlv: magic is missing": "TLV：缺少魔数",
  "tlv: part smaller than its own head": "TLV：部分小于其头部",
  "tlv: part larger than the space": "TLV：部分超出可用空间",
  "tlv: protected part differs from the header's size":
    "TLV：受保护部分与镜像头中的大小不符",
  "tlv: there is no SHA-256": "TLV：没有 SHA-256",
  "header: image is not meant to boot": "镜像头：镜像不可启动",
  "dependency: on a newer image 0 than this one": "依赖项：需要更新的 0 号镜像",
  "dependency: on an image beside image 0": "依赖项：需要 0 号以外的镜像",
};

const SENTENCES: Record<Language, Record<string, string>> = { en: {}, zh };

/** undefined: this language has none. */
export function sentenceIn(
  language: Language,
  { format, values }: { format: string; values: string[] },
): string | undefined {
  const known = SENTENCES[language];
  const rest = values.map((value) => known[value] ?? value);
  return known[format]?.replace(/\{\}/g, () => rest.shift() ?? "");
}
