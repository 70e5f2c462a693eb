import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// Vite wraps each import() in code that preloads what the part needs. The one part of this page needs nothing.
const withoutPreloading: Plugin = {
  name: "without-preloading",
  enforce: "pre",
  load: (id) => (id.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : null),
};

export default defineConfig({
  plugins: [withoutPreloading],
  // Addresses in the page are relative, so that it works behind any prefix of a proxy.
  base: "./",
  build: {
    outDir: "dist",
    assetsDir: "inbox",
    // Browsers from May 2024 on: light-dark() in styles, AbortSignal.any().
    target: ["chrome123", "firefox124", "safari17.5"],
    minify: "terser",
    terserOptions: { module: true, ecma: 2020, compress: { passes: 3, unsafe_arrows: true, pure_getters: true } },
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    reportCompressedSize: false,
    rollupOptions: {
      checks: { pluginTimings: false },
      output: {
        entryFileNames: "inbox/app-[hash].js",
        chunkFileNames: "inbox/[name]-[hash].js",
        assetFileNames: "inbox/[name]-[hash][extname]",
      },
    },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"] },
});
